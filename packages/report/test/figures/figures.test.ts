import type { ChartPanel } from '../../src/figures/figure.js';
import { geometryByEpoch } from '../../src/figures/geometry-by-epoch.js';
import { geometryByLayer } from '../../src/figures/geometry-by-layer.js';
import { sampleImages } from '../../src/figures/sample-images.js';
import { summarizeRepeats } from '../../src/rows/summarize.js';
import { chooseEpochs } from '../../src/figures/choose-epochs.js';
import { quickstartGeometry, stripedExamples } from '../quickstart-rows.js';

const measurements = summarizeRepeats([0, 1, 4, 9, 30].flatMap(quickstartGeometry));
const charts = (figure: { panels: readonly unknown[] } | undefined): ChartPanel[] => (figure?.panels ?? []) as ChartPanel[];

test('chooseEpochs() keeps first, last and required epochs and fills the widest gaps of log(1 + epoch)', () => {
  expect(chooseEpochs([0, 1, 2, 3], { count: 6 })).toEqual([0, 1, 2, 3]);
  expect(chooseEpochs([0, 1, 2, 4, 8, 16, 30], { count: 3, required: [4] })).toEqual([0, 4, 30]);
  // Distances to the nearest chosen epoch: 1 is 0.69 from 0; then 16 is 0.60 from 30, and 8 is 0.59 from 4.
  expect(chooseEpochs([0, 1, 2, 4, 8, 16, 30], { count: 5, required: [4] })).toEqual([0, 1, 4, 16, 30]);
  expect(chooseEpochs([0, 1, 2], { count: 1 })).toEqual([2]);
});

test('every capacity panel has the chance line 2/M, inside its axis; other measures have none', () => {
  for (const panel of [...charts(geometryByLayer(measurements, { measure: 'capacity', panelCount: 6 })), ...charts(geometryByEpoch(measurements, { measure: 'capacity' }))]) {
    expect(panel.levels).toEqual([{ value: 2 / 40, label: 'chance 2/40' }]);
    expect(panel.y.domain[0]).toBeLessThanOrEqual(0.05);
  }
  expect(charts(geometryByLayer(measurements, { measure: 'radius', panelCount: 6 }))[0]!.levels).toEqual([]);
});

test('all panels of a figure share one vertical scale, which holds every band', () => {
  const panels = charts(geometryByLayer(measurements, { measure: 'dimension', panelCount: 3 }));
  expect(new Set(panels.map(({ y }) => y.domain.join())).size).toBe(1);
  const bounds = panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.flatMap(({ low, high }) => [low!, high!])));
  expect(Math.min(...bounds)).toBeGreaterThan(panels[0]!.y.domain[0]);
  expect(Math.max(...bounds)).toBeLessThan(panels[0]!.y.domain[1]);
});

test('geometryByEpoch() shows the first and last hidden layer, not the input', () => {
  const input = measurements.filter((row) => row.layerIndex === 1).map((row) => ({ ...row, layer: 'input', layerIndex: 0 }));
  expect(charts(geometryByEpoch([...input, ...measurements], { measure: 'radius' })).map(({ title }) => title)).toEqual(['conv1.relu (first hidden layer)', 'dense1.relu (last hidden layer)']);
});

test('a measure without values has no figure', () => {
  const empty = measurements.map((row) => ({ ...row, value: null }));
  expect(geometryByLayer(empty, { measure: 'capacity', panelCount: 6 })).toBeUndefined();
  expect(geometryByEpoch(empty, { measure: 'capacity' })).toBeUndefined();
});

test('permuted and restored samples are the same images, and the label that counts is marked', () => {
  const { examples, labels } = stripedExamples();
  const figure = sampleImages(examples, labels, { classNames: ['A', 'B', 'C', 'D', 'E', 'F'] })!;
  const [, permuted, restored] = figure.panels.map((panel) => (panel.kind === 'images' ? panel.images : []));
  expect(restored!.map(({ pixels }) => pixels)).toEqual(permuted!.map(({ pixels }) => pixels));
  expect(permuted![0]!.lines).toEqual([{ text: 'true: A', isUsed: false }, { text: 'trained: B', isUsed: true }]);
  expect(restored![0]!.lines).toEqual([{ text: 'true: A', isUsed: true }, { text: 'trained: B', isUsed: false }]);
});

test('examples that are no images have no figure', () => {
  const { labels } = stripedExamples();
  expect(sampleImages({ data: new Float32Array(72 * 5), shape: [72, 5], rows: {}, metadata: {} }, labels)).toBeUndefined();
});
