import type { ClaimsRow, HistoryRow, LabelsRow, SimilarityRow, Tensor } from '@memgeo/artifacts';
import type { LineageNode } from '@memgeo/stage';
import { composeAbstract } from '../claims/abstract.js';
import type { Claim } from '../claims/claim.js';
import { geometryClaims } from '../claims/geometry-claims.js';
import { findBestEpoch, trainingClaims } from '../claims/training-claims.js';
import { composeFigure } from '../drawing/compose-figure.js';
import { drawPanel } from '../drawing/drawn.js';
import { allFigures } from '../figures/all-figures.js';
import { sortLayers, type GatheredGeometry } from '../rows/gather.js';
import { sortMeasures } from '../rows/measures.js';
import { collectNotes } from '../rows/notes.js';
import { sortSets } from '../rows/sets.js';
import { summarizeRepeats } from '../rows/summarize.js';
import { composePage } from './page.js';

/** What a report is made of. */
export type ReportSources = {
  readonly geometry: GatheredGeometry;
  readonly similarity?: readonly SimilarityRow[];
  readonly history: readonly HistoryRow[];
  readonly data?: { readonly examples: Tensor; readonly labels: readonly LabelsRow[] } | undefined;
  readonly lineage: readonly LineageNode[];
  /** Claims criterion by criterion, for a section of their own. */
  readonly criteria?: readonly ClaimsRow[];
};

export type ReportOptions = {
  readonly title: string;
  readonly question: string;
  readonly command: string;
  /** Most epochs with a panel of their own, at least 1. */
  readonly panelCount: number;
};

/** A page, its figures as standalone SVG by name, and what it claims. */
export type Report = { readonly page: string; readonly figures: ReadonlyMap<string, string>; readonly claims: readonly Claim[] };

/**
 * Composes a report from rows; reads and writes nothing, and gives the same bytes for the same rows.
 *
 * Figures that the rows have nothing for are left out.
 */
export function composeReport({ geometry, similarity = [], history, data, lineage, criteria = [] }: ReportSources, { title, question, command, panelCount }: ReportOptions): Report {
  const measurements = summarizeRepeats(geometry.rows);
  const bestEpoch = findBestEpoch(history);
  const sets = sortSets([...history, ...geometry.rows].map((row) => row.set));
  const repeats = Math.max(0, ...measurements.map((row) => row.repeats));
  const manifolds = measurements.length === 0 ? undefined : Math.min(...measurements.map((row) => row.manifolds));
  const claims = [...trainingClaims(history), ...geometryClaims(measurements, { bestEpoch })];
  const figures = new Map<string, string>();
  const groups = allFigures({ history, measurements, similarity, data, bestEpoch, panelCount }).map((group) => ({
    ...group,
    figures: group.figures.map((figure) => {
      const panels = figure.panels.map((panel) => drawPanel(panel, { sets }));
      figures.set(figure.name, composeFigure(figure, panels));
      return { figure, panels };
    }),
  }));
  const page = composePage({
    title,
    question,
    scope: describeScope(geometry, history, repeats),
    abstract: composeAbstract(claims, { manifolds, repeats }),
    criteria,
    groups,
    notes: collectNotes(geometry.rows),
    sets,
    measures: sortMeasures(geometry.rows.map((row) => row.measure)),
    lineage,
    command,
  });
  return { page, figures, claims };
}

/** Says in a sentence what the rows cover. */
function describeScope({ rows, axes }: GatheredGeometry, history: readonly HistoryRow[], repeats: number): string {
  const epochs = new Set(history.map((row) => row.epoch));
  const trained = history.length === 0 ? 'No history of accuracies.' : `Accuracies at ${plural(epochs.size, 'epoch')}, ${Math.min(...epochs)} to ${Math.max(...epochs)}.`;
  if (rows.length === 0) return `${trained} No geometry was measured.`;
  const range = (values: readonly number[]): string => {
    const [lowest, highest] = [Math.min(...values), Math.max(...values)];
    return lowest === highest ? String(lowest) : `${lowest} to ${highest}`;
  };
  const over = axes.length > 0 && repeats > 1 ? ` Geometry is averaged over ${axes.join(' and ')} (${plural(repeats, 'repeat')}); accuracies are of one run.` : '';
  return `${trained} Geometry of ${plural(sortLayers(rows).length, 'layer')} at ${plural(new Set(rows.map((row) => row.epoch)).size, 'epoch')}, with ${range(rows.map((row) => row.manifolds))} class manifolds of ${range(rows.map((row) => row.pointsPerManifold))} points in ${range(rows.map((row) => row.ambientDimension))} features.${over}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
