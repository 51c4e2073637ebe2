import { claimsTable, geometryTable, gradientsTable, historyTable, rewindingTable } from '@memgeo/artifacts/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';

export const stage = defineStage({
  id: 'report/claims',
  version: 1,
  description: 'Judges what the measurements show of when, where and why networks memorize: each criterion with its interval, threshold and verdict.',
  params: z.strictObject({
    thresholds: z.record(z.string(), z.number()).default({}).describe('Replaces thresholds, by name of the criterion, as in { permutedAccuracyAtBest: 0.1 }.'),
  }),
  inputs: {
    history: { form: 'artifact', kind: 'table', schema: historyTable.schema, isMany: true, description: 'Accuracies per epoch, one table for each seed, and width if there are several.' },
    geometry: { form: 'artifact', kind: 'table', schema: geometryTable.schema, isMany: true, isOptional: true, description: 'Manifold geometry, over epochs, seeds and widths.' },
    rewinding: { form: 'artifact', kind: 'table', schema: rewindingTable.schema, isMany: true, isOptional: true, description: 'What setting layers back does, over seeds.' },
    gradients: { form: 'artifact', kind: 'table', schema: gradientsTable.schema, isMany: true, isOptional: true, description: 'The gradient in two parts, over epochs and seeds.' },
  },
  outputs: { claims: { kind: 'table', schema: claimsTable.schema, description: 'One row per criterion of a claim.' } },
  resources: { threads: 1 },
  run: async (context) => (await import('./write-claims.js')).writeClaims(context),
});
