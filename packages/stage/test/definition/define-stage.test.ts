import { defineStage, type AnyStage } from '../../src/index.js';
import { z } from 'zod';
import { stage } from '../repeat-stage.js';

test('defineStage() gives back the definition itself', () => {
  const definition = { id: 'a/b', version: 1, description: '', params: z.strictObject({}), inputs: {}, outputs: {}, resources: { threads: 1 }, run: () => Promise.resolve() } as const;
  expect(defineStage(definition)).toBe(definition);
});

test('every default is in the parameter schema, so that it is known before the stage runs', () => {
  expect(stage.params.parse({ text: 'ab' })).toEqual({ text: 'ab', repeat: 2 });
});

test('run knows the types of parameters, inputs and outputs', () => {
  const port = { kind: 'table', schema: 'labels@1', description: '' } as const;
  const typed: AnyStage = defineStage({
    id: 'a/b', version: 1, description: '', params: z.strictObject({ path: z.string() }),
    inputs: {
      one: { ...port, form: 'artifact' },
      members: { ...port, form: 'collection' },
      data: { form: 'bundle', parts: { examples: port, labels: port }, description: '' },
      many: { ...port, form: 'artifact', isMany: true },
      maybe: { ...port, form: 'artifact', isOptional: true },
    },
    outputs: { table: port },
    resources: { threads: 1 },
    files: ({ path }) => ({ source: path }),
    run: ({ params, inputs, outputs }) => {
      const [path, one, member, part, table]: (string | undefined)[] = [params.path, inputs.one, inputs.members.conv1, inputs.data.labels, outputs.table];
      const point: { coordinates: { readonly [axis: string]: unknown }; location: string } = inputs.many[0]!;
      // @ts-expect-error an optional input may be missing
      const maybe: string = inputs.maybe;
      // @ts-expect-error there is no such part
      const wrong: unknown = inputs.data.history;
      return Promise.resolve({ seen: [path, one, member, part, table, point.location, maybe, wrong].length });
    },
  });
  expect(typed.files?.({ path: '/x' } as never)).toEqual({ source: '/x' });
});
