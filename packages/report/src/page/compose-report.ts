import type { ClaimsRow, DistanceGapRow, DistancesRow, GeometryRow, GradientsRow, HistoryRow, LabelsRow, LearningRow, PhasesRow, RewindingRow, SimilarityRow, Tensor } from '@memgeo/artifacts';
import type { LineageNode } from '@memgeo/stage';
import { composeAbstract } from '../claims/compose-abstract.js';
import { findBestEpoch } from '../claims/find-best-epoch.js';
import { composeFigure } from '../drawing/compose-figure.js';
import { drawGroups } from '../drawing/draw-groups.js';
import { allFigures } from '../figures/all-figures.js';
import type { Figure } from '../figures/figure.js';
import { madeFromWords } from '../provenance/made-from.js';
import { traceInputs, type InputKeys, type Trace } from '../provenance/trace.js';
import type { Gathered } from '../rows/gather.js';
import { sortMeasures } from '../rows/measures.js';
import { collectNotes } from '../rows/notes.js';
import { sortSets } from '../rows/sets.js';
import { summarizeRepeats } from '../rows/summarize.js';
import { describeScope } from './describe-scope.js';
import type { DrawnGroup } from './frame.js';
import { composePage } from './page.js';

/** What a report is made of; whatever is left out has no figures. Rows of several runs carry their coordinates. */
export type ReportSources = {
  readonly history: Gathered<HistoryRow>;
  readonly learning?: Gathered<LearningRow> | undefined;
  readonly geometry?: Gathered<GeometryRow> | undefined;
  readonly similarity?: Gathered<SimilarityRow> | undefined;
  readonly rewinding?: Gathered<RewindingRow> | undefined;
  readonly gradients?: Gathered<GradientsRow> | undefined;
  readonly distances?: Gathered<DistancesRow> | undefined;
  readonly distanceGap?: readonly DistanceGapRow[] | undefined;
  readonly phases?: readonly PhasesRow[] | undefined;
  readonly claims?: readonly ClaimsRow[] | undefined;
  readonly data?: { readonly examples: Tensor; readonly labels: readonly LabelsRow[] } | undefined;
  readonly lineage: readonly LineageNode[];
  /** Keys of the actions that made each input; without them no figure says what it is made from. */
  readonly inputKeys?: InputKeys | undefined;
};

export type ReportOptions = {
  readonly title: string;
  readonly question: string;
  readonly command: string;
  /** Most epochs with a panel of their own, at least 1. */
  readonly panelCount: number;
};

/** A page, and its figures as standalone SVG by name. */
export type Report = { readonly page: string; readonly figures: ReadonlyMap<string, string>; readonly layouts: readonly Figure[]; readonly trace: Trace };

const nothing = { rows: [], axes: [] };

/**
 * Composes a report from rows; reads and writes nothing, and gives the same bytes for the same rows.
 *
 * Figures that the rows have nothing for are left out.
 */
export function composeReport(sources: ReportSources, { title, question, command, panelCount }: ReportOptions): Report {
  const { history, learning, geometry = nothing, similarity, rewinding, gradients, distances, distanceGap, phases, claims = [], data, lineage, inputKeys } = sources;
  const trace = traceInputs(lineage, inputKeys);
  const measurements = summarizeRepeats(geometry.rows);
  const sets = sortSets([...history.rows, ...geometry.rows].map((row) => row.set));
  const groups = drawGroups(allFigures({
    history: history.rows, learning: learning?.rows, measurements, geometry: geometry.rows, similarity: similarity?.rows ?? [], rewinding: rewinding?.rows, gradients: gradients?.rows, distances: distances?.rows,
    distanceGap, phases, data, bestEpoch: findBestEpoch(history.rows), panelCount,
  }), { sets });
  const page = composePage({
    title,
    question,
    scope: describeScope(history, geometry),
    abstract: composeAbstract(claims),
    groups,
    notes: collectNotes(geometry.rows),
    sets,
    measures: sortMeasures(geometry.rows.map((row) => row.measure)),
    lineage,
    trace,
    command,
    hasSeeds: [history, learning, geometry, similarity, rewinding, gradients, distances].some((table) => new Set(table?.rows.flatMap(({ coordinates: { seed } }) => seed ?? [])).size > 1),
  });
  return { page, trace, ...standaloneFigures(groups, trace) };
}

/** Each figure of some groups as an SVG of its own, by name, and as it was laid out. */
export function standaloneFigures(groups: readonly DrawnGroup[], trace: Trace): Pick<Report, 'figures' | 'layouts'> {
  const drawn = groups.flatMap((group) => group.figures);
  const figures = drawn.map(({ figure, panels }) => [figure.name, composeFigure(figure, panels, { madeFrom: madeFromWords(trace, figure.from ?? []) })] as const);
  return { figures: new Map(figures), layouts: drawn.map(({ figure }) => figure) };
}
