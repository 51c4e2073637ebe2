import {
  claimsTable, distanceGapTable, distancesTable, geometryTable, gradientsTable, historyTable, phasesTable, readTable, rewindingTable, similarityTable,
  type Row, type TableSchema,
} from '@memgeo/artifacts';
import type { InputPoint } from '@memgeo/stage';
import type { ReportSources } from '../page/compose-report.js';
import { gatherSimilarity } from '../rows/gather-similarity.js';
import { gatherGeometry, gatherPoints, sortLayers, type TableOfPoint } from '../rows/gather.js';

/** The tables of a report: everything it is made of but images and lineage. */
export type ReportTables = Omit<ReportSources, 'data' | 'lineage'>;

/** Where the tables lie. */
export type TableInputs = {
  readonly history: readonly InputPoint<string>[];
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
  const geometry = await readAll(inputs.geometry, geometryTable);
  const similarity = await readAll(inputs.similarity, similarityTable);
  const history = gatherPoints((await readAll(inputs.history, historyTable))!);
  const [rewinding, gradients, distances] = [await readAll(inputs.rewinding, rewindingTable), await readAll(inputs.gradients, gradientsTable), await readAll(inputs.distances, distancesTable)];
  return {
    tables: {
      history: { ...history, rows: [...history.rows].sort((a, b) => a.epoch - b.epoch) },
      geometry: geometry && gatherGeometry(geometry, { layers }),
      similarity: similarity && gatherSimilarity(similarity, { layers }),
      rewinding: rewinding && gatherPoints(rewinding),
      gradients: gradients && gatherPoints(gradients),
      distances: distances && gatherPoints(distances),
      distanceGap: inputs.distanceGap === undefined ? undefined : await readTable(inputs.distanceGap, distanceGapTable),
      phases: inputs.phases === undefined ? undefined : await readTable(inputs.phases, phasesTable),
      claims: inputs.claims === undefined ? undefined : await readTable(inputs.claims, claimsTable),
    },
    allLayers: sortLayers((geometry ?? []).flatMap(({ rows }) => rows)),
  };
}

async function readAll<S extends TableSchema>(points: readonly InputPoint<string>[] | undefined, schema: S): Promise<TableOfPoint<Row<S>>[] | undefined> {
  return points && Promise.all(points.map(async ({ coordinates, location }) => ({ coordinates, rows: await readTable(location, schema) })));
}
