import { defineStage, type AnyStage } from '@memgeo/stage';
import { z } from 'zod';
import type { StageCatalog } from '../src/index.js';

const table = { kind: 'table', schema: 'numbers@1', description: 'Numbers.' } as const;
const tensors = { kind: 'tensor', schema: 'vectors@1', description: 'Vectors.' } as const;

const stages: readonly AnyStage[] = [
  defineStage({
    id: 'test/source', version: 1, description: 'Makes numbers.', inputs: {}, outputs: { numbers: table, vectors: { ...tensors, isCollection: true } },
    params: z.strictObject({ count: z.int().min(1).max(9).default(3), names: z.array(z.string()).default([]), seed: z.int().default(1) }), resources: { threads: 1 },
    run: () => Promise.resolve(),
  }),
  defineStage({
    id: 'test/use', version: 1, description: 'Uses them.', outputs: { numbers: table }, resources: { threads: 1 },
    params: z.strictObject({ power: z.number().default(1) }),
    inputs: {
      left: { form: 'artifact', ...table }, right: { form: 'artifact', ...table, isOptional: true }, all: { form: 'collection', ...tensors, isOptional: true },
      one: { form: 'artifact', ...tensors, isOptional: true }, both: { form: 'bundle', parts: { numbers: table }, description: 'Both.', isOptional: true },
    },
    run: () => Promise.resolve(),
  }),
  defineStage({
    id: 'test/shape', version: 1, description: 'Has a parameter of two kinds.', inputs: {}, outputs: { numbers: table }, resources: { threads: 1 },
    params: z.strictObject({
      shape: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('circle'), radius: z.number().default(1) }), z.strictObject({ kind: z.literal('box'), width: z.number().default(1) })]),
    }),
    run: () => Promise.resolve(),
  }),
  defineStage({
    id: 'test/gather', version: 1, description: 'Gathers.', outputs: { numbers: table }, resources: { threads: 1 }, params: z.strictObject({}),
    inputs: { many: { form: 'artifact', ...table, isMany: true } },
    run: () => Promise.resolve(),
  }),
];

/** Three stages that are only read and planned, never run. */
export const testCatalog: StageCatalog = {
  ids: stages.map(({ id }) => id),
  load: (id) => Promise.resolve(stages.find((stage) => stage.id === id)!),
  entry: () => new URL(import.meta.url).pathname,
};
