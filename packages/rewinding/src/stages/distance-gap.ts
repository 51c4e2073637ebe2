import { distanceGapTable, distancesTable, historyTable } from '@memgeo/artifacts/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';

export const stage = defineStage({
  id: 'rewinding/distance-gap',
  version: 1,
  description: 'Whether runs whose weights moved farther generalize worse: rank correlation of distance and generalization gap, by layer.',
  params: z.strictObject({
    seed: z.int().min(0).default(1).describe('Seed of the bootstrap, and of random orders where there are too many runs to try all.'),
  }),
  inputs: {
    distances: { form: 'artifact', kind: 'table', schema: distancesTable.schema, isMany: true, description: 'Distances of each run, as rewinding/evaluate writes them.' },
    history: { form: 'artifact', kind: 'table', schema: historyTable.schema, isMany: true, description: 'History of each run, at the same coordinates.' },
  },
  outputs: { distanceGap: { kind: 'table', schema: distanceGapTable.schema, description: 'One row per layer for all runs, and the points of each run.' } },
  resources: { threads: 1 },
  run: async (context) => (await import('./measure-distance-gap.js')).measureDistanceGap(context),
});
