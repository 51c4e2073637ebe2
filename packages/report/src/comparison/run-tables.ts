import type { ClaimsRow, HistoryRow } from '@memgeo/artifacts';
import type { LineageNode } from '@memgeo/stage';
import type { GatheredRow } from '../rows/gather.js';

/** One run to compare: what its report was made of. */
export type ComparedRun = {
  /** As it is called in the comparison. */
  readonly name: string;
  readonly title: string;
  readonly history: readonly HistoryRow[];
  readonly geometry: readonly GatheredRow[];
  readonly claims: readonly ClaimsRow[];
  readonly lineage: readonly LineageNode[];
};
