import type { ClaimsRow } from '@memgeo/artifacts';
import { groupClaims } from '../../src/claims/compose-abstract.js';
import { judgeClaims } from '../../src/claims/judge-claims.js';
import type { ClaimTables } from '../../src/claims/runs.js';
import { quickstartGeometry, quickstartHistory } from '../quickstart-rows.js';
import { descent, gradientRows, historyWith, rewindingRows, rowOf, runTables, sweepTables, verdictsOf, withSeeds } from './claim-rows.js';

const epochs = [0, 1, 4, 15, 30];
const geometry = epochs.flatMap(quickstartGeometry);
const claimVerdicts = (rows: readonly ClaimsRow[]): { [name: string]: string } => Object.fromEntries(groupClaims(rows).map(({ name, verdict }) => [name, verdict]));

/** Tables for each claim that show it, contradict it, and leave it open. */
const cases: readonly { readonly claim: string; readonly shown: ClaimTables; readonly contradicted: ClaimTables; readonly open: ClaimTables }[] = [
  {
    claim: 'generalizesFirst',
    shown: runTables(),
    contradicted: runTables({ history: historyWith(({ set, epoch }) => (set === 'permuted' && epoch === 4 ? 0.5 : undefined)) }),
    open: runTables({ geometry: geometry.map((row) => ({ ...row, manifolds: 10 })) }),
  },
  {
    claim: 'memorizesLate',
    shown: runTables(),
    contradicted: runTables({ geometry: geometry.map((row) => (row.layerIndex === 1 && row.set === 'permuted' && row.epoch === 30 && row.measure === 'capacity' ? { ...row, value: 0.1 } : row)) }),
    open: runTables({ geometry: geometry.filter((row) => row.measure !== 'dimension') }),
  },
  {
    claim: 'rewindingRestores',
    shown: runTables(),
    contradicted: runTables({ rewinding: rewindingRows([0.05, 0.1, 0.2, 0.3], [0.97, 0.9, 0.8, 0.7]) }),
    open: runTables({ rewinding: rewindingRows().filter((row) => row.batchNorm === 'kept') }),
  },
  {
    claim: 'doubleDescent',
    shown: sweepTables(descent),
    contradicted: sweepTables({ 16: [0.5, 1, 9], 64: [0.6, 1, 9], 128: [0.7, 1, 9], 512: [0.8, 1, 9] }),
    open: sweepTables({ 16: [0.79, 1, 5], 48: [0.685, 1, 5], 64: [0.804, 1, 9] }),
  },
  {
    claim: 'gradientsIgnore',
    shown: runTables(),
    contradicted: runTables({ gradients: gradientRows({ 0: 0.9, 1: 0.9, 2: 0.9, 30: 0.9 }) }),
    open: runTables({ gradients: gradientRows({ 0: 0.5, 5: 0.2, 30: 0.7 }) }),
  },
];

describe.each(cases)('$claim', ({ claim, shown, contradicted, open }) => {
  test.each([1, 3])('is shown, contradicted and left open as the rows say, with %i seeds', (seeds) => {
    const verdict = (tables: ClaimTables): string => claimVerdicts(judgeClaims(seeds === 1 ? tables : withSeeds(Array.from({ length: seeds }, () => tables))))[claim]!;
    expect([verdict(shown), verdict(contradicted), verdict(open)]).toEqual(['shown', 'not shown', 'cannot be judged']);
  });

  test('one seed speaks for this run only, over examples or classes; three speak for seeds', () => {
    const decided = (rows: readonly ClaimsRow[]): ClaimsRow[] => rows.filter((row) => row.claim === claim && row.verdict !== 'cannot be judged');
    for (const row of decided(judgeClaims(shown))) {
      expect(row.reason).toContain('one seed: this run only');
      expect(['examples', 'classes']).toContain(row.intervalOver);
    }
    const three = decided(judgeClaims(withSeeds([shown, shown, shown])));
    expect(three.length).toBeGreaterThan(2);
    for (const row of three) {
      expect(row).toMatchObject({ intervalOver: 'seeds', seeds: 3 });
      expect(row.reason).not.toContain('one seed');
    }
  });
});

test('a criterion says what, where, when, how sure and against which threshold', () => {
  expect(rowOf(judgeClaims(runTables()), 'radiusChange')).toEqual({
    claim: 'memorizesLate',
    statement: 'Random labels are learned late and in the last layers, where their classes become tighter and lose directions, while early layers hardly change.',
    criterion: 'radiusChange',
    statistic: 'Relative change of the radius of permuted in the last hidden layer, from before training to the end (dense1.relu, epochs 0, 30)',
    value: expect.closeTo(1.09 / 1.69 - 1, 12),
    // Two standard errors of 2 % each.
    lower: expect.closeTo(1.09 / 1.69 * (1 - 1.959964 * 0.02 * Math.SQRT2) - 1, 6),
    upper: expect.closeTo(1.09 / 1.69 * (1 + 1.959964 * 0.02 * Math.SQRT2) - 1, 6),
    intervalOver: 'classes', seeds: 1, comparison: 'below', threshold: -0.25, thresholdSource: 'ours: 9 runs of a small VGG on embedded glyphs, docs/science.md#thresholds',
    isDeciding: true, verdict: 'shown', reason: 'one seed: this run only',
  });
});

test('memorization is late by the epoch that passes 0.9 over the best one, unsure by the epochs that the examples cannot tell apart', () => {
  // Test accuracy is best at 4 (0.84 of 1800); 0.81 at epoch 6 is just beyond its sampling error. 0.94 at 25 is the first above 0.9.
  expect(rowOf(judgeClaims(runTables()), 'memorizationDelay')).toMatchObject({ value: 25 / 4, lower: 25 / 4, upper: 25 / 4 });
  const few = historyWith(() => undefined).map((row) => ({ ...row, examples: 100 }));
  // With 100 examples any of epochs 3 to 8 may be the best, and 0.94 at epoch 25 may be below 0.9; 0.99 at epoch 30 is not.
  expect(rowOf(judgeClaims(runTables({ history: few })), 'memorizationDelay')).toMatchObject({ lower: 25 / 8, upper: 30 / 3 });
});

test('without permuted examples memorization is not shown, and what is about them cannot be judged', () => {
  const clean = historyWith(({ set, epoch }) => (set === 'test' && epoch > 4 ? 0.952 : set === 'test' && epoch === 4 ? 0.959 : undefined)).filter(({ set }) => set === 'unpermuted' || set === 'test');
  const rows = judgeClaims(runTables({ history: clean, geometry: geometry.filter(({ set }) => set === 'unpermuted' || set === 'test') }));
  expect(claimVerdicts(rows)).toMatchObject({ generalizesFirst: 'cannot be judged', memorizesLate: 'not shown', rewindingRestores: 'cannot be judged', gradientsIgnore: 'cannot be judged' });
  expect(rowOf(rows, 'testAccuracyFall')).toMatchObject({ verdict: 'not shown', value: expect.closeTo(0.007, 6) });
  expect(rowOf(rows, 'permutedAccuracyAtEnd')).toMatchObject({ value: null, verdict: 'cannot be judged', reason: 'no permuted examples', intervalOver: 'nothing', seeds: 0 });
  expect(rowOf(rows, 'restorationByLast3')).toMatchObject({ verdict: 'cannot be judged', reason: expect.stringContaining('no test accuracy was lost, so none can be restored') });
});

test.each([3, 5])('training stopped after %i epochs has not memorized, and says why the rest cannot be judged', (last) => {
  const rows = judgeClaims({ history: [{ coordinates: {}, rows: quickstartHistory().filter(({ epoch }) => epoch <= last) }], geometry: [{ coordinates: {}, rows: [0, 1, last].flatMap(quickstartGeometry) }] });
  expect(claimVerdicts(rows).memorizesLate).toBe('not shown');
  expect(verdictsOf(rows, 'memorizesLate')).toMatchObject({ memorizationDelay: 'cannot be judged', permutedAccuracyAtEnd: 'not shown', testAccuracyFall: 'not shown', radiusChange: 'cannot be judged' });
  expect(rowOf(rows, 'radiusChange').reason).toMatch(/^memorization was not reached/);
  expect(rowOf(rows, 'radiusChange').value).not.toBeNull();
});

test('ten classes leave every criterion of the geometry open, and only those', () => {
  const rows = judgeClaims(runTables({ geometry: geometry.map((row) => ({ ...row, manifolds: 10 })) }));
  for (const row of rows.filter(({ intervalOver }) => intervalOver === 'classes')) expect(row).toMatchObject({ verdict: 'cannot be judged', reason: expect.stringContaining('10 classes are too few') });
  expect(verdictsOf(rows)).toMatchObject({ permutedAccuracyAtBest: 'shown', permutedAccuracyAtEnd: 'shown', memorizationDelay: 'shown', testAccuracyFall: 'shown' });
});

test('an interval that contains the threshold decides nothing, with one seed as with three', () => {
  const at = (accuracy: number): ClaimTables => runTables({ history: historyWith(({ set, epoch }) => (set === 'permuted' && epoch === 4 ? accuracy : undefined)) });
  const row = (tables: ClaimTables): ClaimsRow => rowOf(judgeClaims(tables), 'permutedAccuracyAtBest');
  expect(row(at(0.079))).toMatchObject({ verdict: 'cannot be judged', reason: expect.stringContaining('the interval contains the threshold') });
  expect(row(withSeeds([at(0.02), at(0.05), at(0.09)]))).toMatchObject({ verdict: 'cannot be judged', value: expect.closeTo(0.16 / 3, 12), seeds: 3 });
  expect(row(withSeeds([at(0.02), at(0.05)])).reason).toBe('the interval contains the threshold; two seeds leave it wide');
});

test('one seed without a known error decides nothing', () => {
  const rows = judgeClaims(runTables({ gradients: gradientRows(undefined, { standardError: null }) }));
  expect(rowOf(rows, 'permutedGradientEarly')).toMatchObject({ value: 0.18, lower: null, upper: null, intervalOver: 'nothing', verdict: 'cannot be judged', reason: expect.stringContaining('one seed without a known error') });
});

test('seeds without a value are said', () => {
  const without = runTables({ history: quickstartHistory().filter(({ set }) => set !== 'restored') });
  expect(rowOf(judgeClaims(withSeeds([runTables(), without, runTables()])), 'restoredAccuracyAtBest')).toMatchObject({ seeds: 2, verdict: 'cannot be judged', reason: 'not every seed has a value; 1 of 3 seeds without a value: no permuted examples' });
});

test('rewinding with kept statistics, fresh weights or a retrained readout is not taken for rewinding', () => {
  const others = [{ weights: 'fresh' }, { readout: 'retrained' }, { batchNorm: 'rewound' }].flatMap((change) => rewindingRows([-1, -1, -1, -1], [1, 1, 1, 1]).filter(({ batchNorm }) => batchNorm === 'reestimated').map((row) => ({ ...row, ...change })));
  expect(judgeClaims(runTables({ rewinding: [...others, ...rewindingRows()] }))).toEqual(judgeClaims(runTables()));
});

test('gradients that are not centered cannot be judged', () => {
  const rows = judgeClaims(runTables({ gradients: gradientRows().filter(({ measure }) => measure === 'labelDependentRatio') }));
  expect(rowOf(rows, 'permutedGradientEarly')).toMatchObject({ value: null, reason: expect.stringContaining('not centered') });
});

test('a tail that is the whole network restores nothing in particular', () => {
  const rows = judgeClaims(runTables({ rewinding: rewindingRows([0.1, 0.3, 0.6, 1], [0.9, 0.5, 0.1, 0.04], { layers: ['dense1', 'dense2', 'dense3', 'output'] }) }));
  expect(rowOf(rows, 'restorationByLast4')).toMatchObject({ value: null, reason: 'the network has 4 layers only: all of it would be set back' });
});

test('in a fully connected network other thresholds hold, and localization is said not to be claimed', () => {
  const dense = geometry.map((row) => ({ ...row, layer: `dense${row.layerIndex}.relu` }));
  const rows = judgeClaims({ history: [{ coordinates: {}, rows: quickstartHistory() }], geometry: [{ coordinates: {}, rows: dense }] });
  expect(rowOf(rows, 'permutedAccuracyAtBest')).toMatchObject({ threshold: 0.14, thresholdSource: expect.stringContaining('fully connected') });
  expect(rowOf(rows, 'earlyLayersChange').reason).toContain('is not claimed');
  expect(rowOf(judgeClaims(runTables()), 'earlyLayersChange').reason).not.toContain('is not claimed');
});

test('widths whose features are too few for the points of a class are left out and said', () => {
  const rows = judgeClaims(sweepTables(descent));
  expect(rowOf(rows, 'dimensionAcrossWidths')).toMatchObject({ value: expect.closeTo(11.5 / 8.9, 12), reason: 'one seed: this run only; width 64 to 512; left out for having fewer than 1.5 features for each point and class: width 8, 16, 32, 48' });
  expect(rowOf(rows, 'dipDepth')).toMatchObject({ value: expect.closeTo(0.105, 12), reason: expect.stringContaining('from width 16 to 48') });
  expect(rowOf(rows, 'permutedAccuracyAtEnd').reason).toBe('the histories are of several widths; select one, as in history[width=512]');
});

test('rows without values, with NaN or missing altogether never throw', () => {
  const broken: ClaimTables = {
    history: [{ coordinates: {}, rows: historyWith(() => Number.NaN) }],
    geometry: [{ coordinates: {}, rows: geometry.map((row) => ({ ...row, value: null })) }],
    rewinding: [{ coordinates: {}, rows: rewindingRows().map((row) => ({ ...row, value: null, note: 'Nothing there.' })) }],
    gradients: [{ coordinates: {}, rows: gradientRows().map((row) => ({ ...row, value: Number.NaN })) }],
  };
  const halves = runTables({ geometry: geometry.map((row, i) => (i % 2 === 0 ? { ...row, value: Number.NaN } : { ...row, standardError: Number.NaN })) });
  for (const tables of [broken, halves, { history: [] }, { history: [{ coordinates: {}, rows: [] }] }, runTables({ geometry: [], rewinding: [], gradients: [] })]) {
    for (const row of judgeClaims(tables)) {
      for (const number of [row.value, row.lower, row.upper]) expect(number === null || Number.isFinite(number)).toBe(true);
      if (row.value === null) expect(row).toMatchObject({ verdict: 'cannot be judged', reason: expect.stringMatching(/\w/) });
    }
  }
  expect(claimVerdicts(judgeClaims(broken))).toEqual(Object.fromEntries(cases.map(({ claim }) => [claim, 'cannot be judged'])));
});

test('more seeds with equal values change no value', () => {
  const one = judgeClaims(runTables());
  const five = judgeClaims(withSeeds(Array.from({ length: 5 }, () => runTables())));
  expect(five.map(({ value }) => value)).toEqual(one.map(({ value }) => value));
  expect(five.map(({ statistic }) => statistic)).toEqual(one.map(({ statistic }) => statistic));
});

test('the order of points and rows changes nothing', () => {
  const tables = withSeeds([runTables(), runTables({ history: historyWith(({ set, epoch }) => (set === 'test' && epoch === 5 ? 0.86 : undefined)) }), runTables({ rewinding: rewindingRows([0.1, 0.4, 0.7, 0.9]) })]);
  const turned = Object.fromEntries(Object.entries(tables).map(([name, points]) => [name, [...points!].reverse().map(({ coordinates, rows }) => ({ coordinates, rows: [...rows].reverse() }))])) as unknown as ClaimTables;
  expect(judgeClaims(turned)).toEqual(judgeClaims(tables));
});

test('a threshold set in the pipeline replaces ours and says so; the easier it is, the more is shown', () => {
  const verdict = (threshold: number): string => rowOf(judgeClaims(runTables(), { thresholds: { permutedAccuracyAtEnd: threshold } }), 'permutedAccuracyAtEnd').verdict;
  expect([0.5, 0.99, 0.9999].map(verdict)).toEqual(['shown', 'cannot be judged', 'not shown']);
  expect(rowOf(judgeClaims(runTables(), { thresholds: { permutedAccuracyAtEnd: 0.5 } }), 'permutedAccuracyAtEnd').thresholdSource).toBe('set in the pipeline');
  expect(() => judgeClaims(runTables(), { thresholds: { accuracy: 1 } })).toThrow(/thresholds must name criteria; got "accuracy"/);
});

test('points that differ in something else, or tell of the same thing twice, are errors that say what to do', () => {
  const of = (coordinates: { [axis: string]: number }): ClaimTables['history'][number] => ({ coordinates, rows: quickstartHistory() });
  expect(() => judgeClaims({ history: [of({ permutedFraction: 0 }), of({ permutedFraction: 0.5 })] })).toThrow('points may differ in epoch, seed and width only; they differ in permutedFraction (0, 0.5). Select one value, as in history[permutedFraction=0].');
  expect(() => judgeClaims({ history: [of({ permutedFraction: 0.5, seed: 1 }), of({ permutedFraction: 0.5, seed: 2 })] })).not.toThrow();
  expect(() => judgeClaims({ history: [of({}), of({})] })).toThrow(/history must have one row for each epoch, set/);
  expect(() => judgeClaims({ history: [of({})], geometry: [{ coordinates: { seed: 1 }, rows: geometry }, { coordinates: { seed: 2 }, rows: geometry }] })).toThrow(/history must have a seed.*history\[\*\]/);
});

test('a fall over widths is judged where the other seeds fall most, so that noise alone is no fall', () => {
  // Two seeds without a common dip: each falls once, at another width.
  const sweep = (seed: number, accuracies: readonly number[]) => accuracies.map((accuracy, i) => ({
    coordinates: { seed, width: 8 * 2 ** i }, rows: [{ epoch: 5, set: 'test', examples: 1000, loss: 1, accuracy, learningRate: 0.1 }],
  }));
  const rows = judgeClaims({ history: [...sweep(1, [0.8, 0.7, 0.8, 0.8]), ...sweep(2, [0.8, 0.8, 0.7, 0.8])] });
  expect(rowOf(rows, 'dipDepth')).toMatchObject({ value: expect.closeTo(0, 12), verdict: 'not shown' });
  const common = judgeClaims({ history: [...sweep(1, [0.8, 0.7, 0.8, 0.8]), ...sweep(2, [0.8, 0.7, 0.8, 0.8])] });
  expect(rowOf(common, 'dipDepth')).toMatchObject({ value: expect.closeTo(0.1, 12), verdict: 'shown' });
});

test('seeds that agree by chance are no surer than what each of them leaves open', () => {
  const tables = runTables();
  const [one, two] = [rowOf(judgeClaims(tables), 'permutedAccuracyAtBest'), rowOf(judgeClaims(withSeeds([tables, tables])), 'permutedAccuracyAtBest')];
  expect(two.upper! - two.value!).toBeCloseTo((one.upper! - one.value!) / Math.SQRT2, 12);
});

test('what is not claimed of fully connected networks does not decide', () => {
  const tables = runTables();
  const layers = ['conv1.relu', 'conv2.pool', 'conv4.pool', 'conv6.pool', 'dense1.relu'];
  const geometry = tables.geometry!.map((point) => ({ ...point, rows: point.rows.map((row) => ({ ...row, layer: `dense${layers.indexOf(row.layer) + 1}.relu`, layerIndex: layers.indexOf(row.layer) + 1 })) }));
  const deciding = (claims: ReturnType<typeof judgeClaims>) => rowOf(claims, 'earlyLayersChange').isDeciding;
  expect(deciding(judgeClaims({ history: tables.history, geometry }))).toBe(false);
  expect(deciding(judgeClaims(tables))).toBe(true);
  // The dense layers of a network whose first layers were not measured are not its first.
  const later = geometry.map((point) => ({ ...point, rows: point.rows.map((row) => ({ ...row, layerIndex: row.layerIndex + 6 })) }));
  expect(deciding(judgeClaims({ history: tables.history, geometry: later }))).toBe(true);
});
