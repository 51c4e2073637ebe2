import { defineTable, readTensor, writeTable } from '@memgeo/artifacts';
import { defineStage, StageError } from '../src/index.js';
import { z } from 'zod';

const normsTable = defineTable('norms@1', { row: { type: 'int32', description: 'Row of the tensor.' }, norm: { type: 'float64', description: 'Its norm.' } });

/** Would stand in src/stages/norms.ts of a package named shapes. */
export const stage = defineStage({
  id: 'shapes/norms',
  version: 1,
  description: 'Norm of each row.',
  params: z.strictObject({ order: z.number().min(1).default(2).describe('1 sums absolute values, 2 is Euclidean.') }),
  inputs: { points: { form: 'artifact', kind: 'tensor', schema: 'points@1', description: 'A vector per row.' } },
  outputs: { norms: { kind: 'table', schema: normsTable.schema, description: 'One row per vector.' } },
  resources: { threads: 1 },
  run: async ({ params: { order }, inputs, outputs, progress }) => {
    const { data, shape: [count, features] } = await readTensor(inputs.points, { schema: 'points@1' });
    if (data.some(Number.isNaN)) throw new StageError('shapes/norms: points must be numbers; one is NaN.');
    const norms = Array.from({ length: count! }, (_, row) => {
      let sum = 0;
      for (let j = row * features!; j < (row + 1) * features!; j++) sum += Math.abs(data[j]!) ** order;
      progress(row + 1, count!, 'norms');
      return { row, norm: sum ** (1 / order) };
    });
    await writeTable(outputs.norms, normsTable, norms);
    return { vectors: norms.length };
  },
});
