import { gatherGeometry, gatherPoints } from '../../src/rows/gather.js';
import { summarizeRepeats } from '../../src/rows/summarize.js';
import { collectNotes } from '../../src/rows/notes.js';
import { quickstartGeometry } from '../quickstart-rows.js';

const [row] = quickstartGeometry(0);

test('gatherGeometry() sorts by epoch, layer, set and measure, whatever the order of points and rows', () => {
  const points = [0, 4, 10].map((epoch) => ({ coordinates: { epoch }, rows: quickstartGeometry(epoch) }));
  const shuffled = [...points].reverse().map((point) => ({ ...point, rows: [...point.rows].reverse() }));
  expect(gatherGeometry(shuffled)).toEqual(gatherGeometry(points));
  const { rows } = gatherGeometry(points);
  expect(rows.slice(0, 5).map(({ epoch, layer, set, measure }) => [epoch, layer, set, measure])).toEqual([
    [0, 'conv1.relu', 'unpermuted', 'capacity'], [0, 'conv1.relu', 'unpermuted', 'radius'], [0, 'conv1.relu', 'unpermuted', 'dimension'], [0, 'conv1.relu', 'unpermuted', 'centerCorrelation'], [0, 'conv1.relu', 'permuted', 'capacity'],
  ]);
  expect(rows.at(-1)).toMatchObject({ epoch: 10, layer: 'dense1.relu', set: 'test' });
});

test('gatherGeometry() gives rows without an epoch that of their point', () => {
  const { rows, axes } = gatherGeometry([{ coordinates: { epoch: '7', seed: 2 }, rows: [{ ...row!, epoch: null }] }]);
  expect(rows[0]).toMatchObject({ epoch: 7, coordinates: { seed: 2 } });
  expect(axes).toEqual(['seed']);
});

test('gatherPoints() joins tables of any kind in order of their coordinates, as numbers, and keeps the order within', () => {
  const table = (seed: number, epoch: number): { coordinates: { seed: number; epoch: number }; rows: { value: string }[] } => ({ coordinates: { seed, epoch }, rows: [{ value: `${seed}/${epoch}b` }, { value: `${seed}/${epoch}a` }] });
  const gathered = gatherPoints([table(10, 1), table(2, 20), table(2, 3)]);
  expect(gathered.axes).toEqual(['seed']);
  expect(gathered.rows.map(({ value }) => value)).toEqual(['2/3b', '2/3a', '2/20b', '2/20a', '10/1b', '10/1a']);
  expect(gathered.rows[0]!.coordinates).toEqual({ seed: 2 });
  expect(gatherPoints([])).toEqual({ axes: [], rows: [] });
});

test('summarizeRepeats() averages seeds, and their band is the standard deviation', () => {
  const [summary] = summarizeRepeats([1, 2, 3].map((value) => ({ ...row!, value, standardError: 9 })));
  expect(summary).toMatchObject({ value: 2, spread: 1, repeats: 3 });
});

test('summarizeRepeats() keeps value and standard error of a single row, and leaves out missing ones', () => {
  expect(summarizeRepeats([{ ...row!, value: 2, standardError: 0.5 }])).toMatchObject([{ value: 2, spread: 0.5, repeats: 1 }]);
  expect(summarizeRepeats([{ ...row!, value: null }, { ...row!, value: 4, standardError: null }])).toMatchObject([{ value: 4, spread: null, repeats: 1 }]);
  expect(summarizeRepeats([{ ...row!, value: null }])).toMatchObject([{ value: null, repeats: 0 }]);
});

test('collectNotes() says each note once, missing values first', () => {
  const rows = [row!, { ...row!, note: 'low rank' }, { ...row!, note: 'low rank' }, { ...row!, value: null }];
  expect(collectNotes(rows)).toEqual([
    { text: 'no value and no reason given', isMissing: true, count: 1, first: 'capacity of unpermuted in conv1.relu, epoch 0' },
    { text: 'low rank', isMissing: false, count: 2, first: 'capacity of unpermuted in conv1.relu, epoch 0' },
  ]);
});
