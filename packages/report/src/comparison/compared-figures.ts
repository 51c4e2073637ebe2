import { lowerFirst } from '../drawing/lower-first.js';
import type { FigureGroup } from '../figures/all-figures.js';
import { accuracyByEpoch } from '../figures/accuracy-by-epoch.js';
import type { ChartPanel, Figure } from '../figures/figure.js';
import { geometryByEpoch } from '../figures/geometry-by-epoch.js';
import { geometryByLayer } from '../figures/geometry-by-layer.js';
import { restorationByLayer } from '../figures/rewinding-by-layer.js';
import { findBestEpoch } from '../claims/find-best-epoch.js';
import { describeMeasure, mainMeasures } from '../rows/measures.js';
import { summarizeRepeats } from '../rows/summarize.js';
import { sweepWidths } from '../rows/width-sweep.js';
import type { ComparedRun } from './compared-run.js';
import { sideBySide } from './side-by-side.js';

/** Lays out what runs have in common, a chart of each run per figure, all on the same scales. */
export function comparedFigures(all: readonly ComparedRun[]): FigureGroup[] {
  // A sweep of widths is a comparison of its own; a mean over widths would say nothing.
  const runs = all.filter((run) => sweepWidths([...run.history, ...run.geometry]).length < 2);
  const compare = (about: Omit<Figure, 'panels'>, layout: (run: ComparedRun) => Figure | undefined): Figure[] => {
    const charts = runs.flatMap((run) => {
      const panel = layout(run)?.panels.at(-1);
      return panel?.kind === 'chart' ? [{ name: run.name, panel }] : [];
    });
    const figure = sideBySide(charts, about);
    return figure === undefined ? [] : [figure];
  };
  const measurements = new Map(runs.map((run) => [run, summarizeRepeats(run.geometry)]));
  const geometry = mainMeasures.flatMap((measure) => {
    const { title, meaning } = describeMeasure(measure);
    return [
      ...compare({ name: `${measure}-by-layer`, title: `How does ${lowerFirst(title)} change with the layer, at the last epoch of each run?`, caption: `${title}: ${meaning}` }, (run) => geometryByLayer(measurements.get(run)!, { measure, panelCount: 1 })),
      ...compare({ name: `${measure}-by-epoch`, title: `How does ${lowerFirst(title)} change with training, in the last hidden layer?`, caption: `${title} against the epoch.` }, (run) => geometryByEpoch(measurements.get(run)!, { measure, bestEpoch: findBestEpoch(run.history) })),
    ];
  });
  return [
    {
      heading: 'Accuracy', isFolded: false,
      figures: compare({ name: 'accuracy-by-epoch', title: 'When does each network learn, and when does it memorize?', caption: 'Accuracy of each example set after each epoch; bands are one binomial standard error of a single run, or the standard deviation over seeds.' }, (run) => {
        const figure = accuracyByEpoch(run.history, { bestEpoch: findBestEpoch(run.history) });
        return { ...figure, panels: figure.panels.filter((panel): panel is ChartPanel => panel.kind === 'chart' && panel.title === 'Accuracy') };
      }),
    },
    { heading: 'Geometry', isFolded: false, figures: geometry },
    {
      heading: 'Layers set back', isFolded: false,
      figures: compare({ name: 'restoration-by-layer', title: 'How much of the lost test accuracy do layers set back restore?', caption: 'Restored fraction of the test accuracy lost since the best epoch, by the first layer set back.' }, (run) => restorationByLayer(run.rewinding, { bestEpoch: findBestEpoch(run.history) })),
    },
  ];
}
