import { claimsTable, distancesTable, geometryTable, gradientsTable, historyTable, learningTable, rewindingTable, similarityTable, type TableSchema } from '@memgeo/artifacts';
import { judgeClaims } from '../../src/index.js';
import { repeatInterval } from '../../src/claims/repeat-interval.js';
import { describeRuns } from '../../src/figures/line-points.js';
import { figureTable } from '../../src/page/figure-table.js';
import { allFigures } from '../../src/figures/all-figures.js';
import { describeScope } from '../../src/page/describe-scope.js';
import { gatherGeometry, gatherPoints, type Coordinates, type Gathered } from '../../src/rows/gather.js';
import { seedLabels } from '../../src/rows/seed-labels.js';
import { summarizeRepeats } from '../../src/rows/summarize.js';
import { tableOverSeeds } from '../../src/tables/over-seeds.js';
import { runTables } from '../claims/claim-rows.js';
import { distancesExample, gradientsExample, learningExample, rewindingExample } from '../experiment-rows.js';
import { quickstartGeometry, quickstartHistory, quickstartSimilarity } from '../quickstart-rows.js';

/** How seeds may come: by matrix, in step with a name by zip, and with a further point by include. */
const comings: [string, Coordinates[]][] = [
  ['matrix', [1, 2, 3].map((seed) => ({ seed }))],
  ['zip with a name', [{ seed: 1, name: 'a' }, { seed: 2, name: 'b' }, { seed: 3, name: 'c' }]],
  ['zip with a number and a name', [{ seed: 1, fold: 0, name: 'a' }, { seed: 2, fold: 1, name: 'b' }, { seed: 3, fold: 2, name: 'c' }]],
  ['include', [{ seed: 1, label: 'first' }, { seed: 2, label: 'second' }, { seed: 17, label: 'a further one' }]],
];

/** Tables under three seeds of which each is shifted from the last. */
function shifted<Row extends { readonly value: number | null }>(points: readonly Coordinates[], rows: readonly Row[]): Gathered<Omit<Row, 'coordinates'>> {
  return gatherPoints(points.map((coordinates, index) => ({ coordinates, rows: rows.map((row) => ({ ...row, value: row.value === null ? null : row.value + index - 1 })) })));
}

describe.each(comings)('seeds by %s', (_, points) => {
  const tables: [string, TableSchema, Gathered<object>, number][] = [
    ['history', historyTable, gatherPoints(points.map((coordinates, index) => ({ coordinates, rows: quickstartHistory().map((row) => ({ ...row, loss: row.loss + index - 1 })) }))), 2 * quickstartHistory().length],
    ['geometry', geometryTable, gatherGeometry(points.flatMap((coordinates, index) => [0, 30].map((epoch) => ({ coordinates: { ...coordinates, epoch }, rows: quickstartGeometry(epoch).map((row) => ({ ...row, value: row.value! + index - 1 })) })))), 2 * quickstartGeometry(0).length],
    ['similarity', similarityTable, shifted(points, quickstartSimilarity()), quickstartSimilarity().length],
    ['rewinding', rewindingTable, shifted(points, rewindingExample()), rewindingExample().length],
    ['gradients', gradientsTable, shifted(points, gradientsExample()), gradientsExample().length],
    ['distances', distancesTable, shifted(points, distancesExample()), distancesExample().length],
  ];

  test.each(tables)('the table %s over seeds has a row for each measurement, with its mean and 95 %% interval', (name, schema, gathered, count) => {
    const { columns, rows } = tableOverSeeds(name, gathered, schema)!;
    expect(rows).toHaveLength(count);
    expect(Object.keys(columns)).not.toContain('seed');
    for (const axis of Object.keys(points[0]!)) expect(columns).not.toHaveProperty(axis);
    for (const row of rows) expect(Object.keys(row).sort()).toEqual(Object.keys(columns).sort());
    expect(new Set(rows.map((row) => row.seeds))).toEqual(new Set([3]));
    const first = rows.find((row) => row.measure !== 'accuracy' && row.mean !== null)!;
    const half = repeatInterval([-1, 0, 1]).upper!;
    expect(first.standardDeviation).toBeCloseTo(1, 10);
    expect((first.upper as number) - (first.mean as number)).toBeCloseTo(half, 10);
    expect((first.mean as number) - (first.lower as number)).toBeCloseTo(half, 10);
  });

  test('claims are judged over three seeds', () => {
    const ofOne = runTables();
    const all = Object.fromEntries(Object.entries(ofOne).map(([name, list]) => [name, points.flatMap((own) => (list as { coordinates: Coordinates; rows: unknown[] }[]).map(({ coordinates, rows }) => ({ coordinates: { ...coordinates, ...own }, rows })))])) as never;
    const claims = judgeClaims(all);
    const measured = claims.filter(({ value }) => value !== null);
    expect(measured.length).toBeGreaterThan(10);
    for (const row of measured) expect(row).toMatchObject({ seeds: 3, intervalOver: 'seeds' });
    expect(Object.keys(claimsTable.columns)).toEqual(expect.arrayContaining(['value', 'lower', 'upper', 'seeds']));
    const labels = Object.keys(points[0]!).filter((axis) => axis !== 'seed');
    for (const label of labels) expect(measured[0]!.reason).toContain(`${label} goes in step with the seed and counts as its label`);
  });

  test('the table of values below each figure has means and bounds over seeds, one row for each mark', () => {
    const [history, geometry, similarity, rewinding, gradients, distances] = tables.map(([, , gathered]) => gathered.rows as never) as [never, never, never, never, never, never];
    const groups = allFigures({ history, geometry, measurements: summarizeRepeats(geometry), similarity, rewinding, gradients, distances, panelCount: 3 });
    const figures = groups.flatMap((group) => group.figures);
    expect(figures.map(({ name }) => name)).toEqual(expect.arrayContaining(['accuracy-by-epoch', 'capacity-by-layer', 'capacity-by-epoch', 'rewinding-tail', 'rewinding-single', 'restoration-by-layer', 'gradient-ratio', 'gradient-norms', 'gradient-alignment', 'distances-by-epoch', 'similarity-maps']));
    for (const figure of figures) {
      const { columns, rows } = figureTable(figure);
      expect([figure.name, columns.includes('Low') && columns.includes('High')]).toEqual([figure.name, true]);
      const [low, high, panels] = [columns.indexOf('Low'), columns.indexOf('High'), figure.panels.length];
      const places = rows.map((row) => JSON.stringify(row.slice(0, (panels > 1 ? 1 : 0) + 2)));
      expect(new Set(places).size).toBe(places.length);
      for (const row of rows) if (row[low] !== '') expect(Number(row[high])).toBeGreaterThanOrEqual(Number(row[low]));
      expect(figure.caption).not.toMatch(/over 3 runs[^ (]/);
    }
  });

  test('captions count them as seeds, and the scope names each with its labels', () => {
    const [, , history] = tables[0]!;
    expect(describeRuns(history.rows as never)).toBe('Means over 3 seeds; bands: their standard deviation.');
    const scope = describeScope(history as never, gatherGeometry([]));
    const named = points.map(({ seed, ...labels }) => `${seed}${Object.keys(labels).length === 0 ? '' : ` (${Object.entries(labels).sort(([a], [b]) => a.localeCompare(b)).map(([axis, value]) => `${axis} ${value}`).join(', ')})`}`);
    expect(scope).toContain(`, over seed ${named.join(', ')}.`);
  });
});

test('seedLabels() are axes one-to-one in step with two seeds or more; epoch and width have a meaning of their own', () => {
  expect(seedLabels([{ seed: 1, name: 'a' }, { seed: 2, name: 'b' }, { seed: 2, name: 'b', epoch: 4 }, { seed: 3 }, {}, undefined])).toEqual(['name']);
  expect(seedLabels([{ seed: 1, name: 'a' }])).toEqual([]);
  expect(seedLabels([{ seed: 1, name: 'a' }, { seed: 2, name: 'a' }])).toEqual([]);
  expect(seedLabels([{ seed: 1, fraction: 0 }, { seed: 1, fraction: 0.5 }, { seed: 2, fraction: 0 }, { seed: 2, fraction: 0.5 }])).toEqual([]);
  expect(seedLabels([{ seed: 1, group: 'x' }, { seed: 2, group: 'x' }, { seed: 3, group: 'y' }])).toEqual([]);
  expect(seedLabels([{ seed: 1, width: 8, epoch: 1 }, { seed: 2, width: 16, epoch: 2 }])).toEqual([]);
});

test('what differs in more than seeds stays apart, and is counted as runs', () => {
  const gathered = gatherPoints([1, 2].flatMap((seed) => [8, 16].map((width) => ({ coordinates: { seed, width }, rows: [{ epoch: 0, set: 'test', examples: 10, loss: width + seed, accuracy: 0.5, learningRate: 0 }] }))));
  const { columns, rows } = tableOverSeeds('history', gathered, historyTable)!;
  expect(columns).toHaveProperty('width');
  expect(rows.filter(({ measure }) => measure === 'loss').map(({ width, mean, seeds }) => [width, mean, seeds])).toEqual([[8, 9.5, 2], [16, 17.5, 2]]);
  expect(describeRuns(gathered.rows.map((row) => ({ ...row, value: 1 })))).toMatch(/^Means over 4 runs/);
  expect(() => judgeClaims({ history: [1, 2].flatMap((seed) => [0, 0.5].map((permutedFraction) => ({ coordinates: { seed, permutedFraction }, rows: [] }))) })).toThrow('they differ in permutedFraction (0, 0.5)');
});

test('a seed counts once, and one without a value not at all', () => {
  const row = { epoch: 1, layer: 'a', layerIndex: 1, measure: 'distance', parameters: 1, note: '' };
  const gathered = gatherPoints([{ coordinates: { seed: 1 }, rows: [{ ...row, value: 1 }, { ...row, value: 3 }] }, { coordinates: { seed: 2 }, rows: [{ ...row, value: 4 }] }, { coordinates: { seed: 3 }, rows: [{ ...row, value: null }] }]);
  expect(tableOverSeeds('distances', gathered, distancesTable)!.rows).toMatchObject([{ mean: 3, seeds: 2 }]);
  const nothing = gatherPoints([1, 2].map((seed) => ({ coordinates: { seed }, rows: [{ ...row, value: null }] })));
  expect(tableOverSeeds('distances', nothing, distancesTable)!.rows).toMatchObject([{ mean: null, standardDeviation: null, lower: null, upper: null, seeds: 0 }]);
  expect(tableOverSeeds('distances', gatherPoints([{ coordinates: { seed: 1 }, rows: [{ ...row, value: 1 }] }]), distancesTable)).toBeUndefined();
});

test('the best network of each seed is one row, though each has its own best epoch', () => {
  const best = (seed: number, epoch: number) => ({ coordinates: { seed }, rows: rewindingExample().filter(({ variant, set }) => variant === 'best' && set === 'test').map(({ coordinates: _, ...row }) => ({ ...row, epoch, value: seed })) });
  const { rows } = tableOverSeeds('rewinding', gatherPoints([best(1, 4), best(2, 9)]), rewindingTable)!;
  expect(rows).toMatchObject([{ variant: 'best', epoch: null, mean: 1.5, seeds: 2 }]);
});

test('of images, which seeds need not share, each set is a row: means, and shares of what is true or false', () => {
  const gathered = gatherPoints([1, 2].map((seed) => ({ coordinates: { seed }, rows: learningExample({ seeds: [seed], images: 40 }).map(({ coordinates: _, ...row }) => row) })));
  const { columns, rows } = tableOverSeeds('learning', gathered, learningTable)!;
  expect(Object.keys(columns).slice(0, 2)).toEqual(['set', 'measure']);
  expect(rows.map(({ set, measure, mean, seeds }) => [set, measure, Number((mean as number).toFixed(9)), seeds]).filter(([, measure]) => measure === 'isLearnedForGood' || measure === 'isNeverForgotten' || measure === 'areaUnderMargin')).toEqual([
    ['unpermuted', 'isNeverForgotten', 21 / 40, 2], ['unpermuted', 'isLearnedForGood', 1, 2], ['unpermuted', 'areaUnderMargin', 2 + 5 * 39 / 80 + 0.15, 2],
    ['permuted', 'isNeverForgotten', 0, 2], ['permuted', 'isLearnedForGood', 0.8, 2], ['permuted', 'areaUnderMargin', -2 + 5 * 39 / 80 + 0.15, 2],
  ]);
});
