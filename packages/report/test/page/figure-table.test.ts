import type { ChartPanel, Figure, Panel } from '../../src/index.js';
import { drawPanel } from '../../src/index.js';
import { figureSection } from '../../src/page/figure-section.js';
import { figureTable } from '../../src/page/figure-table.js';
import { traceInputs } from '../../src/provenance/trace.js';

const figureOf = (...panels: Panel[]): Figure => ({ name: 'f', title: 'A question?', caption: 'A caption.', panels });
const chart = (title: string, points: ChartPanel['lines'][number]['points']): ChartPanel => ({
  kind: 'chart', title, x: { kind: 'epochs', domain: [0, 9], label: 'Epoch, log(1 + epoch) scale' }, y: { label: 'Accuracy', domain: [0, 1] }, lines: [{ set: 'test', points }], levels: [], moments: [],
});

test('a chart has a row per point, to six digits, and no column that would be empty', () => {
  expect(figureTable(figureOf(chart('a', [{ x: 0, y: 1 / 3, low: null, high: null }, { x: 9, y: 1, low: null, high: null }])))).toEqual({
    columns: ['Set', 'Epoch', 'Accuracy'],
    rows: [['test', '0', '0.333333'], ['test', '9', '1']],
  });
});

test('several panels are told apart; bounds and notes stand where there are any', () => {
  const table = figureTable(figureOf(chart('a', [{ x: 0, y: 0.5, low: 0.4, high: 0.6 }]), chart('b', [{ x: 1, y: 0.5, low: null, high: null, note: 'fewer points' }])));
  expect(table).toEqual({
    columns: ['Panel', 'Set', 'Epoch', 'Accuracy', 'Low', 'High', 'Note'],
    rows: [['a', 'test', '0', '0.5', '0.4', '0.6', ''], ['b', 'test', '1', '0.5', '', '', 'fewer points']],
  });
});

test('a map has a row per cell, by row and then column; an unknown value is empty', () => {
  const table = figureTable(figureOf({ kind: 'heat', title: 't', label: 'Capacity', rows: ['conv1', 'conv2'], rowLabel: 'Layer, input side first', columns: ['0', '9'], columnLabel: 'Epoch', values: [[1, 2], [null, 4]], domain: [0, 4] }));
  expect(table).toEqual({ columns: ['Row (layer)', 'Column (epoch)', 'Capacity'], rows: [['conv1', '0', '1'], ['conv1', '9', '2'], ['conv2', '0', ''], ['conv2', '9', '4']] });
});

test('a scatter has its errors as bounds, and says where each point comes from', () => {
  const axis = { label: 'Predicted', domain: [0, 1] as const };
  const table = figureTable(figureOf({ kind: 'scatter', title: 't', x: axis, y: { ...axis, label: 'Found' }, points: [{ set: 'test', x: 0.25, y: 0.5, xError: 0.125, yError: 0.25, label: 'conv2, epoch 4' }], hasDiagonal: true }));
  expect(table).toEqual({ columns: ['Set', 'Predicted', 'Found', 'Low', 'High', 'Point'], rows: [['test', '0.25', '0.5', '0.25', '0.75', 'conv2, epoch 4; ± 0.125 across']] });
});

test('images have their labels', () => {
  const pixels = { width: 1, height: 1, channels: 1 as const, data: Uint8Array.of(0) };
  expect(figureTable(figureOf({ kind: 'images', title: 'test: unseen', set: 'test', images: [{ pixels, lines: [{ text: 'true: A', isUsed: true }, { text: 'trained: B', isUsed: false }] }] }))).toEqual({ columns: ['Set', 'Image', 'Labels'], rows: [['test', '1', 'true: A; trained: B']] });
});

/** The rows that the data of a long table stand for, 0 being the cell above. */
function readDittos(section: string): string[][] {
  const rows = JSON.parse(section.match(/<script type="application\/json">(.*?)<\/script>/)![1]!) as (string | 0)[][];
  const full: string[][] = [];
  for (const row of rows) full.push(row.map((cell, i) => (cell === 0 ? full.at(-1)![i]! : cell)));
  return full;
}

test('a short table is written out; a long one is data that says the same, whatever the names', () => {
  const points = (count: number) => Array.from({ length: count }, (_, i) => ({ x: `</script><b>${i % 7}`, y: Math.floor(i / 3), low: null, high: null }));
  const section = (count: number): string => {
    const figure = figureOf(chart('a & b', points(count)));
    return figureSection({ figure, panels: [drawPanel(chart('', []))] }, { number: 1, trace: traceInputs([]) });
  };
  expect(section(200).match(/<tr>/g)).toHaveLength(201);
  expect(section(200)).not.toContain('<script');
  const long = section(201);
  expect(long.match(/<tr>/g)).toHaveLength(1);
  expect(long.match(/<\/script>/g)).toHaveLength(1);
  expect(readDittos(long)).toEqual(figureTable(figureOf(chart('a & b', points(201)))).rows);
  expect(long).toContain('<noscript>');
});

test('a figure is named by its title, described by its caption, and can be saved in three formats', () => {
  const section = figureSection({ figure: figureOf(chart('a', [])), panels: [drawPanel(chart('a', []))] }, { number: 3, trace: traceInputs([]) });
  expect(section).toContain('<figure id="f" aria-labelledby="f-title" aria-describedby="f-caption">');
  expect(section).toContain('<h3 id="f-title">Figure 3. A question?</h3>');
  expect(section.match(/aria-label="Save figure 3 as (SVG|PNG|CSV)"/g)).toHaveLength(3);
  expect(section).toMatch(/<caption>.+<\/caption>/);
});
