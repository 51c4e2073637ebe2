import { describe, expect, test } from '@jest/globals';
import type { Json } from '@memgeo/artifacts';
import type { LineageNode } from '@memgeo/stage';
import { parameterDifferences } from '../../src/comparison/parameter-differences.js';

const node = (point: string, params: Json): LineageNode => ({
  point, stage: 'some/stage', key: point, params, upstream: [], startedAt: '2026-01-01T00:00:00Z', durationMs: 1, peakMemoryBytes: 1, environment: {}, facts: {},
});

describe('parameterDifferences', () => {
  test('names parameters that differ, by stage and key, and leaves those that do not', () => {
    const run = (fraction: number) => [node('data', { permutedFraction: fraction, source: 'glyphs' }), node('train', { network: { kind: 'mlp', hidden: [8] }, seed: 1 })];
    expect(parameterDifferences([run(0.2), run(0.5)])).toEqual([{ parameter: 'data.permutedFraction', values: ['0.2', '0.5'] }]);
  });

  test('sums up the points of a matrix', () => {
    const seeds = (list: number[]) => list.map((seed) => node(`train[seed=${seed}]`, { seed }));
    expect(parameterDifferences([seeds([1, 2]), seeds([1])])).toEqual([{ parameter: 'train.seed', values: ['1, 2', '1'] }]);
  });

  test('names a stage that a run lacks instead of all its parameters, and compares the others', () => {
    const train = (width: number) => node('train', { network: { width } });
    const geometry = node('geometry[epoch=4]', { margin: 0, layers: ['a', 'b'] });
    expect(parameterDifferences([[], [train(2)]])).toEqual([{ parameter: 'stage train', values: ['no', 'yes'] }]);
    expect(parameterDifferences([[train(1), geometry], [train(2)], [train(2)]])).toEqual([
      { parameter: 'stage geometry', values: ['yes', 'no', 'no'] }, { parameter: 'train.network.width', values: ['1', '2', '2'] },
    ]);
  });

  test('equal runs differ in nothing', () => {
    const run = [node('data', { classes: ['A', 'B'], path: null })];
    expect(parameterDifferences([run, run])).toEqual([]);
  });
});
