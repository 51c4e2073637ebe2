import type { ClaimsRow, GeometryRow, HistoryRow, RewindingRow } from '@memgeo/artifacts';
import type { LineageNode } from '@memgeo/stage';
import type { Located } from '../rows/gather.js';

/** One run to compare: what its report was made of. */
export type ComparedRun = {
  /** As it is called in the comparison. */
  readonly name: string;
  readonly title: string;
  readonly history: readonly Located<HistoryRow>[];
  readonly geometry: readonly Located<GeometryRow>[];
  readonly rewinding: readonly Located<RewindingRow>[];
  readonly claims: readonly ClaimsRow[];
  readonly lineage: readonly Pick<LineageNode, 'point' | 'params'>[];
};
