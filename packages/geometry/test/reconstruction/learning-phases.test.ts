import { expect, test } from '@jest/globals';
import { learningPhases, randomStream } from '../../src/index.js';

const losses = (values: readonly number[], standardError = 0.01) => values.map((value, i) => ({ epoch: 2 * i, value, standardError }));
const shapeOf = (values: readonly number[], standardError?: number) => learningPhases(losses(values, standardError)).map(({ phase, fromEpoch, toEpoch }) => `${phase} ${fromEpoch}-${toEpoch}`);

test.each([0.05, 0.2])('noise without any change shows phases at no more than the stated rate of %f, and not far below it', (falsePositiveRate) => {
  const random = randomStream(1, 'flat');
  const trials = 1000;
  let seen = 0;
  for (let trial = 0; trial < trials; trial++) {
    const noise = Array.from({ length: 6 }, () => 0.4 + 0.01 * random.nextNormal());
    seen += Number(learningPhases(losses(noise), { falsePositiveRate }).length > 0);
  }
  const error = Math.sqrt((falsePositiveRate * (1 - falsePositiveRate)) / trials);
  expect(seen / trials).toBeLessThan(falsePositiveRate + 3 * error);
  // Bonferroni gives away some of it, since the 15 differences of 6 epochs hang together.
  expect(seen / trials).toBeGreaterThan(falsePositiveRate / 2);
});

test('a V is falling, then rising, with its changes and their errors', () => {
  const [falling, rising, ...more] = learningPhases(losses([0.6, 0.5, 0.4, 0.5, 0.6]));
  expect(more).toEqual([]);
  expect(falling).toMatchObject({ phase: 'falling', fromEpoch: 0, toEpoch: 4 });
  expect(rising).toMatchObject({ phase: 'rising', fromEpoch: 4, toEpoch: 8 });
  expect(falling!.change).toBeCloseTo(-0.2, 12);
  expect(rising!.change).toBeCloseTo(0.2, 12);
  for (const { standardError } of [falling!, rising!]) expect(standardError).toBeCloseTo(Math.SQRT2 * 0.01, 12);
  expect(shapeOf([0.4, 0.5, 0.6, 0.5, 0.4])).toEqual(['rising 0-4', 'falling 4-8']);
});

test('the three phases of the literature: constant, falling, rising', () => {
  expect(shapeOf([0.6, 0.605, 0.598, 0.5, 0.4, 0.45, 0.55])).toEqual(['constant 0-4', 'falling 4-8', 'rising 8-12']);
});

test('plateaus after, between and at the top are constant', () => {
  expect(shapeOf([0.6, 0.4, 0.405, 0.395, 0.6, 0.6])).toEqual(['falling 0-2', 'constant 2-6', 'rising 6-8', 'constant 8-10']);
});

test('a steady change is one phase, even if no single step is clear', () => {
  expect(shapeOf([0.4, 0.41, 0.42, 0.43, 0.44, 0.45])).toEqual(['rising 0-10']);
  expect(shapeOf([0.4, 0.41, 0.42, 0.43])).toEqual([]);
});

test('a turn back that is not clear is no phase', () => {
  expect(shapeOf([0.6, 0.5, 0.51, 0.4, 0.41])).toEqual(['falling 0-6', 'constant 6-8']);
  expect(shapeOf([0.6, 0.5, 0.6, 0.4], 0.1)).toEqual([]);
});

test('scaling losses and errors alike changes no phase, and mirroring swaps falling and rising', () => {
  const random = randomStream(2, 'walk');
  for (let trial = 0; trial < 50; trial++) {
    let value = 0;
    const walk = Array.from({ length: 12 }, () => (value += 0.02 * random.nextNormal()));
    const swapped = shapeOf(walk.map((x) => -x)).map((text) => text.replace(/falling|rising/, (word) => (word === 'falling' ? 'rising' : 'falling')));
    expect(shapeOf(walk)).toEqual(swapped);
    expect(shapeOf(walk.map((x) => 8 * x), 0.08)).toEqual(shapeOf(walk));
  }
});

test('phases follow one another without a gap from the first epoch to the last', () => {
  const random = randomStream(3, 'walk');
  let seen = 0;
  for (let trial = 0; trial < 100; trial++) {
    let value = 0;
    const phases = learningPhases(losses(Array.from({ length: 15 }, () => (value += 0.02 * random.nextNormal()))));
    if (phases.length === 0) continue;
    seen++;
    expect([phases[0]!.fromEpoch, phases.at(-1)!.toEpoch]).toEqual([0, 28]);
    phases.slice(1).forEach(({ fromEpoch }, i) => expect(fromEpoch).toBe(phases[i]!.toEpoch));
    for (const { phase, change } of phases) if (phase !== 'constant') expect(Math.sign(change)).toBe(phase === 'falling' ? -1 : 1);
  }
  expect(seen).toBeGreaterThan(50);
});

test('one epoch, or errors that nobody knows, show nothing', () => {
  expect(learningPhases([])).toEqual([]);
  expect(shapeOf([0.5])).toEqual([]);
  expect(shapeOf([0.5, 0.1], Number.NaN)).toEqual([]);
  expect(() => learningPhases(losses([0.5, 0.1]), { falsePositiveRate: 0 })).toThrow('learningPhases: falsePositiveRate must be in (0, 1); got 0.');
});
