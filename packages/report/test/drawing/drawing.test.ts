import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { composeFigure } from '../../src/drawing/compose-figure.js';
import { drawPanel } from '../../src/drawing/drawn.js';
import { accuracyByEpoch } from '../../src/figures/accuracy-by-epoch.js';
import type { Figure } from '../../src/figures/figure.js';
import { geometryByLayer } from '../../src/figures/geometry-by-layer.js';
import { similarityMaps } from '../../src/figures/similarity-maps.js';
import { summarizeRepeats } from '../../src/rows/summarize.js';
import { encodePng } from '../../src/drawing/encode-png.js';
import { formatNumber } from '../../src/drawing/format-number.js';
import { spreadLabels } from '../../src/drawing/spread-labels.js';
import { epochTicks, linearTicks, logTicks } from '../../src/drawing/ticks.js';
import { gradientParts } from '../../src/figures/gradient-parts.js';
import { rewindingMaps } from '../../src/figures/rewinding-maps.js';
import { theoryAndSimulation } from '../../src/figures/theory-and-simulation.js';
import { errorByWidth, geometryByWidth } from '../../src/figures/width-sweep.js';
import { gradientsExample, rewindingExample, simulationExample, sweepGeometry, sweepHistory } from '../experiment-rows.js';
import { quickstartGeometry, quickstartHistory, quickstartSimilarity } from '../quickstart-rows.js';

const outputFolder = join(import.meta.dirname, '../output');
const draw = (figure: Figure): string => composeFigure(figure, figure.panels.map((panel) => drawPanel(panel)));

/** Rounds numbers, so that only a change that shows is a change. */
const normalize = (svg: string): string => svg.replace(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10)).replaceAll('><', '>\n<');

/** Compares with test/output/NAME.svg; a mismatch leaves NAME-changed.svg beside it, to look at. */
function expectSnapshot(name: string, svg: string): void {
  const path = join(outputFolder, `${name}.svg`);
  const changed = join(outputFolder, `${name}-changed.svg`);
  const normal = normalize(svg);
  if (!existsSync(path)) {
    if (process.env.CI !== undefined) throw new Error(`${path} must be committed; there is none.`);
    mkdirSync(outputFolder, { recursive: true });
    writeFileSync(path, normal);
  }
  rmSync(changed, { force: true });
  if (readFileSync(path, 'utf8') !== normal) writeFileSync(changed, normal);
  expect(normal).toBe(readFileSync(path, 'utf8'));
}

test('the figure of accuracies looks as before', () => {
  expectSnapshot('accuracy-by-epoch', draw(accuracyByEpoch(quickstartHistory(), { bestEpoch: 4, classCount: 36 })));
});

test('the figure of capacities by layer looks as before', () => {
  const measurements = summarizeRepeats([0, 4, 30].flatMap(quickstartGeometry));
  expectSnapshot('capacity-by-layer', draw(geometryByLayer(measurements, { measure: 'capacity', panelCount: 3, bestEpoch: 4 })!));
});

test('the maps of similarity look as before', () => {
  expectSnapshot('similarity-maps', draw(similarityMaps(quickstartSimilarity())!));
});

test('the maps of layers set back look as before', () => {
  expectSnapshot('rewinding-tail', draw(rewindingMaps(rewindingExample(), { variant: 'tail' })!));
});

test('the parts of the gradient look as before', () => {
  expectSnapshot('gradient-norms', draw(gradientParts(gradientsExample({ layerCount: 3 }), { kind: 'Norm' })!));
});

test('the error against the width looks as before', () => {
  expectSnapshot('error-by-width', draw(errorByWidth(sweepHistory())!));
});

test('the geometry against the width looks as before', () => {
  expectSnapshot('geometry-by-width', draw(geometryByWidth(sweepGeometry(), { history: sweepHistory() })!));
});

test('theory against simulation looks as before', () => {
  expectSnapshot('theory-and-simulation', draw(theoryAndSimulation(summarizeRepeats(simulationExample()))!));
});

test('each line is named at its end in every panel, and drawn in its color', () => {
  const { svg } = drawPanel(accuracyByEpoch(quickstartHistory()).panels[0]!);
  for (const [set, color] of [['unpermuted', '#0072B2'], ['permuted', '#D08000'], ['restored', '#009E73'], ['test', '#CC79A7']]) {
    expect(svg).toContain(`>${set}</text>`);
    expect(svg).toContain(`stroke="${color}"`);
  }
});

test('a line of one point is a dot with an error bar', () => {
  const { svg } = drawPanel(accuracyByEpoch(quickstartHistory().filter((row) => row.epoch === 0)).panels[0]!);
  expect(svg.match(/<circle /g)).toHaveLength(4);
  expect(svg).not.toMatch(/NaN|undefined/);
});

test('with more layers than names fit, every second is named, and the last', () => {
  const layers = Array.from({ length: 20 }, (_, i) => `layer${i}`);
  const { svg } = drawPanel({ kind: 'chart', title: '', x: { kind: 'layers', layers, label: '' }, y: { label: '', domain: [0, 1] }, lines: [], levels: [], moments: [] });
  expect([...svg.matchAll(/>(layer\d+)</g)].map(([, name]) => name)).toEqual(layers.filter((_, i) => i % 2 === 1));
});

test('spreadLabels() keeps the gap and the range, and leaves labels alone that do not touch', () => {
  expect(spreadLabels([10, 50, 30], { gap: 12, range: [0, 100] })).toEqual([10, 50, 30]);
  expect(spreadLabels([50, 50], { gap: 10, range: [0, 100] })).toEqual([45, 55]);
  expect(spreadLabels([100, 99], { gap: 10, range: [0, 100] })).toEqual([100, 90]);
  fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { maxLength: 8 }), (wanted) => {
    const placed = spreadLabels(wanted, { gap: 13, range: [0, 200] }).sort((a, b) => a - b);
    placed.forEach((position, i) => {
      expect(position).toBeGreaterThanOrEqual(-1e-9);
      expect(position).toBeLessThanOrEqual(200 + 1e-9);
      if (i > 0) expect(position - placed[i - 1]!).toBeGreaterThanOrEqual(13 - 1e-9);
    });
  }), { seed: 1, numRuns: 200 });
});

test('epochTicks() ends at the last epoch and crowds no tick against it', () => {
  expect(epochTicks([0, 30])).toEqual([0, 1, 2, 5, 10, 20, 30]);
  expect(epochTicks([0, 21])).toEqual([0, 1, 2, 5, 10, 21]);
  expect(epochTicks([0, 1])).toEqual([0, 1]);
});

test('linearTicks() and logTicks() are round numbers inside the domain', () => {
  expect(linearTicks([0, 0.23]).map(({ text }) => text)).toEqual(['0', '0.05', '0.10', '0.15', '0.20']);
  expect(linearTicks([-1, 1]).map(({ text }) => text)).toEqual(['-1.0', '-0.5', '0', '0.5', '1.0']);
  expect(linearTicks([0, 3000]).map(({ text }) => text)).toEqual(['0', '500', '1000', '1500', '2000', '2500', '3000']);
  expect(logTicks([1e-5, 1e-1]).map(({ text }) => text)).toEqual(['1e-5', '1e-4', '0.001', '0.01', '0.1']);
  expect(logTicks([0.002, 0.02]).map(({ value }) => value)).toEqual([0.002, 0.005, 0.01, 0.02]);
});

test('formatNumber() keeps three digits, and writes whole numbers in full', () => {
  expect([0, 0.12345, 12.345, 1234.5, 0.000123, 2.5e7, -0.5, 1].map(formatNumber)).toEqual(['0', '0.123', '12.3', '1235', '1.2e-4', '2.5e7', '-0.5', '1']);
});

test('encodePng() repeats pixels by the scale and keeps their values', () => {
  const png = encodePng({ width: 2, height: 1, channels: 1, data: Uint8Array.of(7, 200) }, { scale: 2 });
  const start = png.indexOf('IDAT') + 4;
  expect([...inflateSync(png.subarray(start, start + png.readUInt32BE(start - 8)))]).toEqual([0, 7, 7, 200, 200, 0, 7, 7, 200, 200]);
  // The end chunk is the same in every PNG, its checksum included.
  expect(png.subarray(-8).toString('hex')).toBe('49454e44ae426082');
});
