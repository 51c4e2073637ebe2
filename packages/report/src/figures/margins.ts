import type { LearningRow } from '@memgeo/artifacts';
import { countUpTo } from '../learning/count-up-to.js';
import { overRuns, shareOf } from '../learning/interval.js';
import { learningRuns, learningSets, type LearningRun } from '../learning/learning-runs.js';
import { rocArea } from '../learning/roc-area.js';
import type { Located } from '../rows/gather.js';
import type { ChartPanel, Figure, Line, Panel, TablePanel } from './figure.js';
import { describeImages, describeIntervals } from './learning-words.js';

type Margin = { readonly title: string; readonly name: string; readonly of: (row: LearningRow) => number };

const margins: readonly Margin[] = [
  { title: 'Mean over training (AUM)', name: 'AUM', of: (row) => row.areaUnderMargin },
  { title: 'In the last epoch', name: 'Margin in the last epoch', of: (row) => row.finalMargin },
];

/** Shares of the images at which a curve has a dot: in equal steps, and closer at the ends, where margins lie far apart. */
const shares = [0, 0.002, 0.005, 0.01, ...Array.from({ length: 39 }, (_, step) => (step + 1) / 40), 0.99, 0.995, 0.998, 1];

/**
 * Lays out how the margins of images with true and with wrong labels are distributed, and how well they tell the two apart [pleiss2020identifying].
 *
 * @param rows  Rows of learning tables; those of one set of coordinates are a run.
 * @returns a figure; undefined if there is no image of either set.
 */
export function marginDistributions(rows: readonly Located<LearningRow>[]): Figure | undefined {
  const runs = learningRuns(rows);
  const charts = margins.flatMap((margin) => marginChart(runs, margin));
  if (charts.length === 0) return undefined;
  const areas = areaTable(runs);
  const panels: Panel[] = [...charts, ...areas];
  return {
    name: 'margins',
    title: 'Do margins tell which labels are wrong?',
    caption: `Share of the training images whose margin is at most so large: the farther a curve lies to the right, the firmer its images are held. The margin is the logit of the label trained on less the largest other, so that above 0 that label is given. Its mean over all epochs is the area under the margin (AUM): what is learned late has a low one.${areas.length === 0 ? '' : ' Area under the ROC curve: the probability that an unpermuted image has a larger margin than a permuted one; 0.5 is chance, 1 tells all apart.'} ${describeImages(runs)} ${describeIntervals(rows, { marks: 'bands and ranges' })}`,
    panels,
  };
}

function marginChart(runs: readonly LearningRun[], { title, of }: Margin): ChartPanel[] {
  const lines = learningSets.flatMap((set): Line[] => {
    const ofRuns = runs.map((run) => ascending(run[set].map(of))).filter((values) => values.length > 0);
    if (ofRuns.length === 0) return [];
    return [{ set, points: spread(ascending(ofRuns.flat())).map((x) => {
      const { value, lower, upper } = overRuns(ofRuns.map((values) => shareOf(countUpTo(values, x), values.length)), [0, 1]);
      return { x, y: value, low: lower, high: upper };
    }) }];
  });
  if (lines.length === 0) return [];
  const domain = [Math.min(...lines.map(({ points }) => Number(points[0]!.x))), Math.max(...lines.map(({ points }) => Number(points.at(-1)!.x)))] as const;
  return [{ kind: 'chart', title, x: { kind: 'numbers', domain, label: 'Margin (logits)' }, y: { label: 'Images (fraction)', domain: [0, 1] }, lines, levels: [], moments: [{ x: 0, label: 'margin 0' }] }];
}

/** The values at these shares, each once. */
function spread(sorted: readonly number[]): number[] {
  return [...new Set(shares.map((share) => sorted[Math.round(share * (sorted.length - 1))]!))];
}

/** The areas under the ROC curve; nothing if no run has images of both sets. */
function areaTable(runs: readonly LearningRun[]): TablePanel[] {
  const rows = margins.flatMap(({ name, of }) => {
    const areas = runs.map((run) => learningSets.map((set) => ascending(run[set].map(of)))).filter((sets) => sets.every((values) => values.length > 0)).map(([unpermuted, permuted]) => rocArea(unpermuted!, permuted!));
    return areas.length === 0 ? [] : [{ name, cells: [overRuns(areas, [0, 1])] }];
  });
  return rows.length === 0 ? [] : [{ kind: 'table', title: 'How well they tell the two apart', label: 'Area under the ROC curve', rowLabel: 'Statistic', columns: [{ name: 'both sets' }], rows }];
}

/** The finite ones of some values, in order. */
function ascending(values: readonly number[]): number[] {
  return values.filter(Number.isFinite).sort((a, b) => a - b);
}
