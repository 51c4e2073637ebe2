import { describe, expect, test } from '@jest/globals';
import type { RewindingRow } from '@memgeo/artifacts';
import type { ChartPanel } from '../../src/figures/figure.js';
import { reinitializationByLayer } from '../../src/figures/reinitialization.js';

const row = (changes: Partial<RewindingRow>): RewindingRow => ({
  variant: 'tail', layer: 'dense1', layerIndex: 1, layers: 'dense1, output', epoch: 0, finalEpoch: 9, batchNorm: 'none', weights: 'stored', readout: 'stored', set: 'test', measure: 'accuracy', value: 0.5,
  standardError: 0.01, examples: 100, note: '', ...changes,
});

describe('reinitializationByLayer', () => {
  test('has a line for each kind of weights and read-out that was evaluated', () => {
    const rows = ['dense1', 'output'].flatMap((layer, i) => [row({ layer, layerIndex: i + 1 }), row({ layer, layerIndex: i + 1, weights: 'fresh', value: 0.1 }), row({ layer, layerIndex: i + 1, readout: 'retrained', value: 0.7 })]);
    const [panel] = reinitializationByLayer(rows)!.panels as [ChartPanel];
    expect(panel.lines.map(({ label, isDashed, points }) => [label, isDashed, points.map(({ y }) => y)])).toEqual([['first weights', false, [0.5, 0.5]], ['… new read-out', true, [0.7, 0.7]], ['fresh weights', false, [0.1, 0.1]]]);
  });

  test('is left out where layers were set back to stored weights only, or to another epoch', () => {
    expect(reinitializationByLayer([row({})])).toBeUndefined();
    expect(reinitializationByLayer([row({ epoch: 5, weights: 'fresh' })])).toBeUndefined();
    expect(reinitializationByLayer([])).toBeUndefined();
  });
});
