import { drawPanel } from '../../src/drawing/drawn.js';
import type { ChartPanel, HeatPanel, HorizontalAxis, Line, ScatterPanel } from '../../src/figures/figure.js';
import { shortNames } from '../../src/drawing/text-fit.js';
import { layoutProblems, textBoxes } from './text-boxes.js';

const names = (count: number, word = 'layer'): string[] => Array.from({ length: count }, (_, i) => `${word}${i}`);
const lines = (sets: readonly string[], xs: readonly (number | string)[]): Line[] => sets.map((set, s) => ({ set, points: xs.map((x, i) => ({ x, y: 0.01 * s + 0.5 + 0.4 * Math.sin(i / 7), low: 0.4, high: 0.6 })) }));
const chart = (x: HorizontalAxis, xs: readonly (number | string)[], sets = names(8, 'set')): ChartPanel => ({
  kind: 'chart', title: 'A title that is quite a bit longer than the panel is wide, even so', x, y: { label: 'Relative distance from initialization (norms of the initial weights)', domain: [0, 1] },
  lines: lines(sets, xs), levels: [{ value: 0.5, label: 'a level with a name too long for the margin' }], moments: x.kind === 'layers' ? [] : [{ x: 1, label: 'interpolation, width 1' }],
});
const longNames = names(100, 'features.denseblock3.denselayer').map((name) => `${name}.conv2`);
const epochs = Array.from({ length: 50 }, (_, i) => 20 * i);
const heat = (rows: readonly string[], columns: readonly string[]): HeatPanel => ({
  kind: 'heat', title: 'T', label: 'Accuracy', rows, rowLabel: 'Layer, input side first', columns, columnLabel: 'Epoch set back to', domain: [0, 1], values: rows.map((_, i) => columns.map((__, j) => ((i * 7 + j) % 10) / 10)),
});
const scatter: ScatterPanel = {
  kind: 'scatter', title: 'T', x: { label: 'Theory', domain: [0, 0.4] }, y: { label: 'Simulation', domain: [0, 0.4] }, hasDiagonal: true,
  points: names(8, 'a set with a long name').map((set, i) => ({ set, x: 0.04 * i, y: 0.05 * i, xError: 0.01, yError: null, label: 'conv1, epoch 4' })),
};

test.each([
  ['100 layers with long names', chart({ kind: 'layers', layers: longNames, label: 'Layer, input side left' }, longNames)],
  ['one layer', chart({ kind: 'layers', layers: ['fc'], label: 'Layer, input side left' }, ['fc'])],
  ['50 epochs', chart({ kind: 'epochs', domain: [0, 980], label: 'Epoch' }, epochs)],
  ['12 widths', chart({ kind: 'widths', domain: [1, 512], values: [1, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512], label: 'Width' }, [1, 512])],
  ['numbers', chart({ kind: 'numbers', domain: [-1, 1], label: 'Rank correlation' }, [-1, 1])],
  ['20 series', chart({ kind: 'epochs', domain: [0, 5], label: 'Epoch' }, [0, 5], names(20, 'set'))],
  ['tiny values', { ...chart({ kind: 'epochs', domain: [0, 5], label: 'Epoch' }, [0, 5], []), y: { label: 'L', domain: [0, 3e-7] }, levels: [] }],
  ['a map of 8 layers by 14 epochs', heat(names(8), ['0', '1', '2', '3', '4', '5', '6', '8', '10', '15', '20', '25', '30', '1000'])],
  ['a map of 100 layers by 50 epochs', heat(longNames, epochs.map(String))],
  ['a map of one cell', heat(['conv1'], ['0'])],
  ['a scatter', scatter],
] as const)('no text leaves the panel or lies on another, with %s', (_, panel) => {
  const drawing = drawPanel(panel as ChartPanel);
  expect(drawing.svg).not.toMatch(/NaN|undefined|Infinity/);
  expect(layoutProblems(drawing.svg, drawing)).toEqual([]);
  expect(textBoxes(drawing.svg).length).toBeGreaterThan(4);
});

test('text stays at 8 px or more where a panel is 336 px wide', () => {
  for (const panel of [chart({ kind: 'epochs', domain: [0, 5], label: 'Epoch' }, [0, 5]), heat(names(8), names(6, '')), scatter]) {
    const { svg, width } = drawPanel(panel);
    for (const [, size] of svg.matchAll(/font-size="([\d.]+)"/g)) expect(Number(size) * (336 / width)).toBeGreaterThanOrEqual(8);
  }
});

test('every dot and cell says its values, and is known by series, x and y', () => {
  const dot = drawPanel({ ...chart({ kind: 'epochs', domain: [0, 5], label: 'Epoch' }, [0, 5], []), lines: [{ set: 'test', label: 'test <best>', points: [{ x: 5, y: 0.123456, low: 0.1, high: 0.2, note: 'N < M' }] }] }).svg;
  expect(dot).toContain('data-series="test &lt;best&gt;" data-x="5" data-y="0.123456"><title>test &lt;best&gt;, epoch 5: 0.123 (0.1 to 0.2). N &lt; M</title>');
  const cells = drawPanel(heat(['conv1', 'fc'], ['0', '4'])).svg;
  expect(cells).toContain('data-series="fc" data-x="4" data-y="0.8"><title>Layer fc, epoch set back to 4: 0.8</title>');
  expect(drawPanel(scatter).svg).toContain('<title>a set with a long name1, conv1, epoch 4: 0.04 against 0.05</title>');
});

test('a point with a note is hollow, a dashed line has dashes, a dot is larger for the pointer than for the eye', () => {
  const { svg } = drawPanel({ ...chart({ kind: 'numbers', domain: [0, 1], label: 'x' }, [0, 1], []), levels: [], moments: [], lines: [{ set: 'test', isDashed: true, points: [{ x: 0, y: 0.5, low: null, high: null, note: 'n' }, { x: 1, y: 0.5, low: null, high: null }] }] });
  expect(svg.match(/<g fill="none" stroke="#CC79A7" stroke-width="1.5"><circle/g)).toHaveLength(1);
  expect(svg.match(/fill-opacity="0" data-series/g)).toHaveLength(1);
  expect(svg).toContain('stroke="#CC79A7" stroke-dasharray="5 3"');
  expect(svg).toContain('stroke-opacity="0" stroke-width="10" pointer-events="all"');
});

test('each panel is an image with a title and a description, and has no ids that could clash', () => {
  for (const panel of [chart({ kind: 'epochs', domain: [0, 5], label: 'Epoch' }, [0, 5]), heat(['a'], ['b']), scatter]) {
    const { svg } = drawPanel(panel);
    expect(svg).toMatch(/^<svg [^>]*role="img"><title>[^<]+<\/title><desc>[^<]+<\/desc>/);
    expect(svg).not.toMatch(/ id="/);
  }
});

test('large panels stay small: with 400 marks there are no titles, and a map becomes one path a shade', () => {
  const large = chart({ kind: 'layers', layers: longNames, label: 'Layer' }, longNames, names(5, 'set'));
  expect(drawPanel(large).svg).not.toContain('data-series');
  expect(drawPanel(large).svg.length).toBeLessThan(25_000);
  expect(drawPanel({ ...large, lines: large.lines.slice(0, 3) }).svg.match(/data-series/g)).toHaveLength(300);
  const map = drawPanel(heat(longNames, longNames)).svg;
  expect(map.match(/<path /g)!.length).toBeLessThan(110);
  expect(map.length).toBeLessThan(300_000);
});

test('long names lose what they share at the start, then their middles', () => {
  expect(shortNames(['conv1', 'dense1.relu'])).toEqual(['conv1', 'dense1.relu']);
  expect(shortNames(['features.block3.layer9.conv', 'features.block3.layer10.conv'])).toEqual(['…9.conv', '…10.conv']);
  expect(shortNames(['input', 'abcdefghijklmnopqrst'])).toEqual(['input', 'abcdef…nopqrst']);
});

test('lines with a place in the network differ in color from end to end', () => {
  const colored = [0, 0.5, 1].map((place) => ({ set: 'layer', place, points: [{ x: 0, y: 0.5, low: null, high: null }, { x: 1, y: 0.6, low: null, high: null }] }));
  const { svg } = drawPanel({ ...chart({ kind: 'numbers', domain: [0, 1], label: 'x' }, [], []), lines: colored });
  expect(new Set([...svg.matchAll(/<path d="[^"]+" stroke="(#[0-9a-f]{6})"/g)].map(([, color]) => color)).size).toBe(3);
});

test('the check of the layout finds text that leaves the panel or lies on another', () => {
  const svg = '<svg><text x="10" y="20" text-anchor="start">first</text><g text-anchor="end"><text x="30" y="22">second</text></g></svg>';
  expect(layoutProblems(svg, { width: 100, height: 100 })).toEqual(['"second" leaves the panel', '"first" lies on "second"']);
});
