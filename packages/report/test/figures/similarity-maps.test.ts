import { drawPanel } from '../../src/drawing/drawn.js';
import type { HeatPanel } from '../../src/figures/figure.js';
import { similarityMaps } from '../../src/figures/similarity-maps.js';
import { gatherSimilarity } from '../../src/rows/gather-similarity.js';
import { quickstartSimilarity } from '../quickstart-rows.js';

const rows = quickstartSimilarity();
const maps = (figure: ReturnType<typeof similarityMaps>): HeatPanel[] => (figure?.panels ?? []) as HeatPanel[];

test('similarityMaps() shows layers at the last epoch and epochs of the last layer, of two sets whose images differ', () => {
  expect(maps(similarityMaps(rows)).map(({ title }) => title)).toEqual([
    'Layers at epoch 30, unpermuted', 'Layers at epoch 30, permuted', 'Epochs of dense1.relu, unpermuted', 'Epochs of dense1.relu, permuted',
  ]);
  expect(maps(similarityMaps(rows.filter(({ set }) => set !== 'unpermuted'))).map(({ title }) => title)).toContain('Layers at epoch 30, test');
});

test('a pair that stands once is drawn on both sides of the diagonal, in order of depth and of epochs', () => {
  const [layers, , epochs] = maps(similarityMaps([...rows].reverse()));
  expect(layers!.rows).toEqual(['conv1.relu', 'conv2.pool', 'conv4.pool', 'conv6.pool', 'dense1.relu']);
  expect(epochs!.rows).toEqual(['0', '4', '30']);
  layers!.values.forEach((row, i) => row.forEach((value, j) => expect(value).toBeCloseTo(i === j ? 1 : Math.exp(-0.3 * Math.abs(i - j)), 12)));
});

test('the unbiased measure is preferred, another is drawn without it, and repeats are averaged', () => {
  expect(similarityMaps(rows)!.caption).toContain('unbiased');
  expect(maps(similarityMaps(rows.filter(({ measure }) => measure === 'cka')))[0]!.values[0]![1]).toBeCloseTo(Math.exp(-0.3) + 0.05, 12);
  const repeated = [...rows, ...rows.map((row) => ({ ...row, value: row.value! - 0.1 }))];
  expect(maps(similarityMaps(repeated))[0]!.values[0]![1]).toBeCloseTo(Math.exp(-0.3) - 0.05, 12);
});

test('there is no figure without a pair of different layers or epochs that has a value', () => {
  expect(similarityMaps([])).toBeUndefined();
  expect(similarityMaps(rows.map((row) => ({ ...row, value: row.layer === row.otherLayer && row.epoch === row.otherEpoch ? 1 : null })))).toBeUndefined();
  expect(maps(similarityMaps(rows.filter(({ comparison }) => comparison === 'epochs')))).toHaveLength(2);
});

test('a map writes its values where there is room, draws the unknown as an empty cell, and bright is alike', () => {
  const panel: HeatPanel = { kind: 'heat', title: 'T', label: 'L', rows: ['a', '<b>'], rowLabel: 'Layer', columns: ['a', '<b>'], columnLabel: 'Layer', domain: [0, 1], values: [[1, null], [null, -0.2]] };
  const { svg } = drawPanel(panel);
  expect(svg).toContain('>1.00</text>');
  expect(svg).toContain('fill="#fde725"');
  expect(svg).toContain('fill="#440154"');
  expect(svg.match(/fill="none"/g)).toHaveLength(2);
  expect(svg).toContain('&lt;b&gt;');
  const many = Array.from({ length: 20 }, (_, i) => `layer${i}`);
  const large = drawPanel({ ...panel, rows: many, columns: many, values: many.map(() => many.map(() => 0.5)) }).svg;
  expect(large).not.toContain('0.50</text>');
  expect([...large.matchAll(/>(layer\d+)<\/text>/g)]).toHaveLength(2 * 10);
});

test('gatherSimilarity() keeps layers that both sides of a pair are in, and coordinates other than the epoch', () => {
  const gathered = gatherSimilarity([{ coordinates: { seed: 2, epoch: 1 }, rows }, { coordinates: { seed: 1, epoch: 1 }, rows }], { layers: ['conv1.relu', 'dense1.relu'] });
  expect(gathered.axes).toEqual(['seed']);
  expect(gathered.rows[0]!.coordinates.seed).toBe(1);
  expect(new Set(gathered.rows.flatMap((row) => [row.layer, row.otherLayer]))).toEqual(new Set(['conv1.relu', 'dense1.relu']));
});
