import {
  claimsTable, distanceGapTable, distancesTable, geometryTable, gradientsTable, historyTable, learningTable, phasesTable, readTable, rewindingTable, similarityTable,
} from '@memgeo/artifacts';
import type { InputPoint } from '@memgeo/stage';
import type { ReportSources } from '../page/compose-report.js';
import { gatherSimilarity } from '../rows/gather-similarity.js';
import { gatherGeometry, gatherPoints, sortLayers } from '../rows/gather.js';
import { readPoints } from './read-points.js';

/** The tables of a report: everything it is made of but images and lineage. */
export type ReportTables = Omit<ReportSources, 'data' | 'lineage' | 'inputKeys'>;

/** Where the tables lie. */
export type TableInputs = {
  readonly history: readonly InputPoint<string>[];
  readonly learning?: readonly InputPoint<string>[] | undefined;
  readonly geometry?: readonly InputPoint<string>[] | undefined;
  readonly similarity?: readonly InputPoint<string>[] | undefined;
  readonly rewinding?: readonly InputPoint<string>[] | undefined;
  readonly gradients?: readonly InputPoint<string>[] | undefined;
  readonly distances?: readonly InputPoint<string>[] | undefined;
  readonly distanceGap?: string | undefined;
  readonly phases?: string | undefined;
  readonly claims?: string | undefined;
};

/**
 * Reads the tables of a report and gathers those of one kind.
 *
 * @param options.layers  Layers of geometry and similarity to keep; empty keeps all.
 * @returns the tables, and the layers that the geometry has, kept or not.
 */
export async function readReportTables(inputs: TableInputs, { layers }: { layers: readonly string[] }): Promise<{ tables: ReportTables; allLayers: string[] }> {
  const { rewinding: rewindingPoints, gradients: gradientPoints, distances: distancePoints } = inputs;
  const geometry = inputs.geometry && await readPoints(inputs.geometry, geometryTable);
  const similarity = inputs.similarity && await readPoints(inputs.similarity, similarityTable);
  const history = gatherPoints(await readPoints(inputs.history, historyTable));
  return {
    tables: {
      history: { ...history, rows: [...history.rows].sort((a, b) => a.epoch - b.epoch) },
      learning: inputs.learning && gatherPoints(await readPoints(inputs.learning, learningTable)),
      geometry: geometry && gatherGeometry(geometry, { layers }),
      similarity: similarity && gatherSimilarity(similarity, { layers }),
      rewinding: rewindingPoints && gatherPoints(await readPoints(rewindingPoints, rewindingTable)),
      gradients: gradientPoints && gatherPoints(await readPoints(gradientPoints, gradientsTable)),
      distances: distancePoints && gatherPoints(await readPoints(distancePoints, distancesTable)),
      distanceGap: inputs.distanceGap === undefined ? undefined : await readTable(inputs.distanceGap, distanceGapTable),
      phases: inputs.phases === undefined ? undefined : await readTable(inputs.phases, phasesTable),
      claims: inputs.claims === undefined ? undefined : await readTable(inputs.claims, claimsTable),
    },
    allLayers: sortLayers((geometry ?? []).flatMap(({ rows }) => rows)),
  };
}
