import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { layersOf, networkSchema, type NetworkSpec } from '../../src/index.js';
import { describeNetwork } from './describe-network.js';

const messageOf = (spec: unknown) => networkSchema.safeParse(spec).error!.issues.map(({ path, message }) => `${path.join('.')} ${message}`);

test('networks of earlier pipeline files and checkpoints are what they were', () => {
  const mlp: NetworkSpec = { kind: 'mlp', hidden: [256, 256, 256, 256], batchNorm: false, width: 1 };
  const vgg: NetworkSpec = { kind: 'vgg', channels: [8, 16, 32], convolutionsPerBlock: 2, dense: [128], batchNorm: true, width: 1 };
  expect(layersOf(describeNetwork(mlp))).toEqual(layersOf(describeNetwork(networkSchema.parse({ kind: 'mlp' }))));
  expect(layersOf(describeNetwork(vgg))).toEqual(layersOf(describeNetwork(networkSchema.parse({ kind: 'vgg' }))));
});

test('parsing what was parsed changes nothing', () => {
  for (const spec of [{ kind: 'mlp' }, { kind: 'linear' }, { kind: 'vgg' }, { kind: 'vgg', depth: 16 }, { kind: 'alexnet' }, { kind: 'resnet18' }, { kind: 'densenet' }] as NetworkSpec[]) {
    expect(networkSchema.parse(networkSchema.parse(spec))).toEqual(networkSchema.parse(spec));
  }
});

describe('what does not fit is said at its key', () => {
  test.each<[string, unknown, string[]]>([
    ['an unknown kind', { kind: 'vgg16' }, ['kind must be one of mlp, linear, vgg, alexnet, resnet18, densenet']],
    ['no kind', {}, ['kind must be one of mlp, linear, vgg, alexnet, resnet18, densenet']],
    ['depth beside what it decides', { kind: 'vgg', depth: 16, channels: [8], convolutionsPerBlock: 2 }, ['channels must be left out where depth is given', 'convolutionsPerBlock must be left out where depth is given']],
    ['a depth that is not published', { kind: 'vgg', depth: 17 }, ['depth must be 11, 13, 16 or 19']],
    ['convolutions for other blocks', { kind: 'vgg', channels: [8, 8], convolutionsPerBlock: [1, 2, 3] }, ['convolutionsPerBlock must have a number for each of 2 blocks']],
    ['poolings of blocks that are not there', { kind: 'vgg', poolings: [1, 4] }, ['poolings must be blocks from 1 to 3']],
  ])('%s', (_, spec, messages) => expect(messageOf(spec)).toEqual(messages));

  test('sizes of 0, rates of 1, widths that are no number', () => {
    expect(messageOf({ kind: 'mlp', hidden: [8, 0] })[0]).toMatch(/^hidden\.1 .*>=1/);
    expect(messageOf({ kind: 'vgg', dropout: 1 })[0]).toMatch(/^dropout .*<1/);
    for (const width of [0, -1, NaN, Infinity]) expect(messageOf({ kind: 'resnet18', width })[0]).toMatch(/^width /);
    expect(messageOf({ kind: 'densenet', initialization: { weights: 'he' } })[0]).toMatch(/^initialization\.weights .*"he-normal"/);
  });
});

test('as JSON Schema every property of every family has a description', () => {
  type Node = { oneOf?: Node[]; properties?: { [key: string]: Node }; description?: string; default?: unknown; const?: unknown; required?: string[] };
  const { oneOf: families } = z.toJSONSchema(networkSchema, { io: 'input' }) as Node;
  expect(families!.map(({ properties }) => properties!.kind!.const)).toEqual(['mlp', 'linear', 'vgg', 'alexnet', 'resnet18', 'densenet']);
  for (const { properties, required } of families!) {
    expect(required).toEqual(['kind']);
    for (const [key, property] of Object.entries(properties!)) if (key !== 'kind') expect([key, property.description]).toEqual([key, expect.stringMatching(/\.$/)]);
  }
});
