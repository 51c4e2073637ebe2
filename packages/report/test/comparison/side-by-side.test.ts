import { describe, expect, test } from '@jest/globals';
import { sideBySide } from '../../src/comparison/side-by-side.js';
import type { ChartPanel } from '../../src/figures/figure.js';

const panel = (epochs: [number, number], y: [number, number]): ChartPanel => ({
  kind: 'chart', title: 'Accuracy', x: { kind: 'epochs', domain: epochs, label: 'Epoch' }, y: { label: 'Accuracy', domain: y }, lines: [], levels: [], moments: [],
});
const about = { name: 'accuracy', title: 'How?', caption: 'So.' };

describe('sideBySide', () => {
  test('gives every run the same scales and its own name', () => {
    const figure = sideBySide([{ name: 'a', panel: panel([0, 30], [0, 0.5]) }, { name: 'b', panel: panel([1, 40], [-1, 0.4]) }], about)!;
    expect(figure.panels.map(({ title }) => title)).toEqual(['a', 'b']);
    for (const shown of figure.panels as ChartPanel[]) {
      expect(shown.x).toMatchObject({ domain: [0, 40] });
      expect(shown.y.domain).toEqual([-1, 0.5]);
    }
  });

  test('leaves every run its own layers', () => {
    const layers = (names: string[]): ChartPanel => ({ ...panel([0, 1], [0, 1]), x: { kind: 'layers', layers: names, label: 'Layer' } });
    const figure = sideBySide([{ name: 'a', panel: layers(['conv1']) }, { name: 'b', panel: layers(['dense1', 'dense2']) }], about)!;
    expect((figure.panels as ChartPanel[]).map(({ x }) => x.kind === 'layers' && x.layers)).toEqual([['conv1'], ['dense1', 'dense2']]);
  });

  test('one run alone is nothing to compare', () => {
    expect(sideBySide([{ name: 'a', panel: panel([0, 1], [0, 1]) }], about)).toBeUndefined();
  });
});
