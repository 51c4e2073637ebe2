import { expect, test } from '@jest/globals';
import { classSeparation, decisionMismatch, fisherRatio, randomStream, selfDualityDistance } from '../../src/index.js';
import { linearDecisions } from '../../src/separation/decisions.js';

const random = randomStream(1, 'separation');
type Cloud = { data: Float64Array; shape: [number, number]; manifoldOf: Int32Array };

/** Points given as rows, one class after another. */
function cloud(classes: readonly (readonly (readonly number[])[])[]): Cloud {
  const rows = classes.flat();
  return {
    data: Float64Array.from(rows.flat()), shape: [rows.length, rows[0]!.length],
    manifoldOf: Int32Array.from(classes.flatMap((points, k) => points.map(() => k))),
  };
}

/** Centers of a simplex equiangular tight frame of norm r, in as many features as classes: r sqrt(K / (K - 1)) (e_k - 1/K). */
const frame = (count: number, norm: number): number[][] =>
  Array.from({ length: count }, (_, k) => Array.from({ length: count }, (__, j) => norm * Math.sqrt(count / (count - 1)) * (Number(j === k) - 1 / count)));

/** A center and a distance from it along each axis, both ways: a covariance of distance^2 / features on each axis, exactly. */
const cross = (center: readonly number[], distances: readonly number[]): number[][] =>
  center.flatMap((_, j) => [1, -1].map((sign) => center.map((x, i) => x + (i === j ? sign * distances[j]! : 0))));

const values = ({ measures }: ReturnType<typeof classSeparation>) => Object.fromEntries(Object.entries(measures).map(([name, { value }]) => [name, value]));

test('classes that are points at the corners of a simplex frame are collapsed: NC1 to NC4, compression and CDNV are 0', () => {
  const centers = frame(5, 2);
  const points = cloud(centers.map((center) => [center, center, center]));
  const separation = classSeparation(points, { random });
  const { nc1, withinClassCompression, cdnv, nc2FrameDistance, nc2NormVariation, nc2CosineSpread, betweenClassDiscrimination, nearestCenterAccuracy } = values(separation);
  for (const value of [nc1, withinClassCompression, cdnv, nc2FrameDistance, nc2NormVariation, nc2CosineSpread]) expect(value).toBeCloseTo(0, 12);
  expect(betweenClassDiscrimination).toBeCloseTo(1 + 1 / 4, 12);
  expect(nearestCenterAccuracy).toBe(1);
  const weights = Float64Array.from(centers.flat(), (x) => 3 * x);
  expect(selfDualityDistance(separation.centered, weights)).toBeCloseTo(0, 12);
  expect(decisionMismatch(separation.nearest, linearDecisions(points.data, { features: 5, weights }))).toEqual({ value: 0, standardError: 0 });
  expect(separation.measures.fisherRatio).toMatchObject({ value: NaN, note: expect.stringContaining('no upper bound') });
});

test('isotropic spread s^2 per axis about a frame of norm r: NC1 = s^2 (K - 1)^2 / (K r^2), compression N s^2 / r^2, CDNV N s^2 (K - 1) / (2 K r^2)', () => {
  const [K, r, distance] = [5, 2, 1.5];
  const measured = values(classSeparation(cloud(frame(K, r).map((center) => cross(center, Array(K).fill(distance)))), { random }));
  const square = distance ** 2 / K;
  expect(measured.nc1).toBeCloseTo((square * (K - 1) ** 2) / (K * r ** 2), 12);
  expect(measured.withinClassCompression).toBeCloseTo((K * square) / r ** 2, 12);
  expect(measured.cdnv).toBeCloseTo((K * square * (K - 1)) / (2 * K * r ** 2), 12);
  // Sigma_W = s^2 I is not changed by shrinkage: Tr(Sigma_B) / s^2.
  expect(measured.fisherRatio).toBeCloseTo(r ** 2 / square, 10);
});

test('NC1 leaves out spread across the directions between classes, and directions with less than 1e-3 of the largest eigenvalue', () => {
  // Centers along x at -1, 0, 1, with next to nothing along y; spread 0.1 along x, 5 along y and z.
  const points = cloud([[-1, 0.01, 0], [0, -0.02, 0], [1, 0.01, 0]].map((center) => cross(center, [0.1, 5, 5])));
  const within = 0.1 ** 2 / 3;
  expect(classSeparation(points, { random }).measures.nc1.value).toBeCloseTo(within / (2 / 3) / 3, 12);
});

test('NC2 of norms 1, 1, 2 at right angles follows from its definition', () => {
  const centers = [[1, 0, 0], [0, 1, 0], [0, 0, 2]];
  const { nc2NormVariation, nc2CosineSpread, nc2FrameDistance, betweenClassDiscrimination } = values(classSeparation(cloud(centers.map((c) => [c, c])), { random }));
  const mean = [1 / 3, 1 / 3, 2 / 3];
  const centered = centers.map((c) => c.map((x, j) => x - mean[j]!));
  const product = (a: number[], b: number[]) => a.reduce((sum, x, j) => sum + x * b[j]!, 0);
  const norms = centered.map((c) => Math.sqrt(product(c, c)));
  const cosines = [[0, 1], [0, 2], [1, 2]].map(([i, j]) => product(centered[i!]!, centered[j!]!) / (norms[i!]! * norms[j!]!));
  const deviation = (list: number[]) => Math.sqrt(list.reduce((sum, x) => sum + (x - list.reduce((s, y) => s + y) / 3) ** 2, 0) / 3);
  expect(nc2NormVariation).toBeCloseTo(deviation(norms) / (norms.reduce((s, x) => s + x) / 3), 12);
  expect(nc2CosineSpread).toBeCloseTo(deviation(cosines), 12);
  const gram = centered.flatMap((a) => centered.map((b) => product(a, b)));
  const scale = Math.hypot(...gram);
  expect(nc2FrameDistance).toBeCloseTo(Math.hypot(...gram.map((x, i) => x / scale - ((i % 4 === 0 ? 1 : 0) - 1 / 3) / Math.SQRT2)), 12);
  expect(betweenClassDiscrimination).toBeCloseTo(1, 12);
});

test('NC2 of 3 classes has no standard error, for 2 classes always form a frame', () => {
  const errors = (count: number) => {
    const { nc2FrameDistance, nc2NormVariation, nc2CosineSpread } = classSeparation(spheres({ classes: count, points: 4, features: 6, seed: 1, distance: 1 }), { random }).measures;
    return [nc2FrameDistance, nc2NormVariation, nc2CosineSpread].map(({ standardError }) => standardError);
  };
  expect(errors(3)).toEqual([NaN, NaN, NaN]);
  for (const error of errors(4)) expect(error).toBeGreaterThan(0.001);
});

test('NC3 is sqrt(2) for orthogonal and 2 for opposite weights; NC4 is the fraction of other decisions', () => {
  expect(selfDualityDistance([1, 0], [0, 5])).toBeCloseTo(Math.SQRT2, 12);
  expect(selfDualityDistance([1, 0], [-3, 0])).toBeCloseTo(2, 12);
  expect(decisionMismatch([0, 1, 2, 2], [0, 1, 1, 2])).toEqual({ value: 0.25, standardError: Math.sqrt((0.25 * 0.75) / 4) });
  expect(() => decisionMismatch([0], [0, 1])).toThrow('one entry for each of the 1 points; got 2');
  expect(() => selfDualityDistance([0], [0, 1])).toThrow('as many elements as the centers, 1; got 2');
});

test('CDNV of two Gaussians with variances a and b per feature is N (a + b) / (2 d^2), their Fisher ratio d^2 / (2 (a + b)) where a = b', () => {
  const [count, features, spread, distance] = [4000, 6, 0.7, 3];
  const stream = randomStream(3, 'gaussians');
  const data = stream.fillNormal(new Float64Array(2 * count * features)).map((x, i) => spread * x + (i >= count * features && i % features === 0 ? distance : 0));
  const { cdnv, fisherRatio: ratio } = classSeparation({ data, shape: [2 * count, features], manifoldOf: Int32Array.from({ length: 2 * count }, (_, i) => Number(i >= count)) }, { random }).measures;
  // The relative error of the distance is sqrt(2 / 4000) 0.7 / 3 = 0.5 %, that of a variance over 6 x 4000 values 1 %; four of their sum.
  expect(Math.abs(cdnv.value / ((2 * features * spread ** 2) / (2 * distance ** 2)) - 1)).toBeLessThan(0.06);
  expect(Math.abs(ratio.value / (distance ** 2 / (4 * spread ** 2)) - 1)).toBeLessThan(0.06);
});

test('the Fisher ratio weighs each direction by its own spread, whether features or points are fewer', () => {
  const spreads = [0.2, 1, 3];
  const direct = (repeats: number) => fisherRatio(cloud([[-1, -1, -1], [1, 1, 1]].map((center) => Array.from({ length: repeats }, () => cross(center, spreads)).flat())), { random });
  const expected = spreads.reduce((sum, d) => sum + 1 / (d ** 2 / 3), 0);
  // Shrinkage falls with the number of points, and moves the smallest eigenvalue, 0.0133, towards the mean, 1.12.
  expect(Math.abs(direct(5000).value / expected - 1)).toBeLessThan(0.01);
  // Zeros as further features change nothing but the amount of shrinkage's target; 12 points and 40 features take the other path.
  const few = cloud([[-1, -1, -1], [1, 1, 1]].map((center) => cross(center, spreads).map((row) => [...row, ...Array(37).fill(0) as number[]])));
  const { value, shrinkage } = fisherRatio(few, { random });
  const ridge = (shrinkage * spreads.reduce((sum, d) => sum + d ** 2 / 3, 0)) / 40;
  expect(value).toBeCloseTo(spreads.reduce((sum, d) => sum + 1 / ((1 - shrinkage) * (d ** 2 / 3) + ridge), 0), 10);
});

const spheres = (options: { classes: number; points: number; features: number; seed: number; distance: number }): Cloud => {
  const { classes, points, features, seed, distance } = options;
  const stream = randomStream(seed, 'clouds');
  const centers = stream.fillNormal(new Float64Array(classes * features));
  const data = stream.fillNormal(new Float64Array(classes * points * features));
  data.forEach((_, i) => { data[i]! += distance * centers[Math.floor(i / features / points) * features + (i % features)]!; });
  return { data, shape: [classes * points, features], manifoldOf: Int32Array.from({ length: classes * points }, (_, i) => Math.floor(i / points)) };
};

test('without class structure, compression is (M - 1) K / (K - 1) and nearest centers are at chance', () => {
  const [classes, points, features] = [8, 20, 400];
  const { withinClassCompression, nearestCenterAccuracy } = classSeparation(spheres({ classes, points, features, seed: 1, distance: 0 }), { random }).measures;
  // Between-class variance averages 7 x 400 squares: a relative error of sqrt(2 / 2800) = 2.7 %; three of it.
  expect(Math.abs(withinClassCompression.value / (((points - 1) * classes) / (classes - 1)) - 1)).toBeLessThan(0.08);
  // Binomial error 0.026; three of it.
  expect(Math.abs(nearestCenterAccuracy.value - 1 / classes)).toBeLessThan(0.08);
});

test('nearest centers leave the point out: with far more features than points, where its own center always holds it, accuracy stays at chance', () => {
  const runs = [1, 2, 3, 4, 5].map((seed) => classSeparation(spheres({ classes: 20, points: 6, features: 1000, seed, distance: 0 }), { random }));
  // Plain distances find the own class, for a center holds a sixth of each of its points.
  expect(runs.every(({ nearest }) => nearest.every((label, i) => label === Math.floor(i / 6)))).toBe(true);
  // Chance is 0.05, its binomial error over 600 points 0.0089; three of it. Without the correction for sampling it would be about 0.01.
  const accuracy = runs.reduce((sum, { measures }) => sum + measures.nearestCenterAccuracy.value, 0) / runs.length;
  expect(Math.abs(accuracy - 0.05)).toBeLessThan(0.027);
});

test.each([1, 2, 3])('every measure but discrimination is unchanged by rotation, scale and offset, and all by the order of points and classes (seed %i)', (seed) => {
  const [classes, points, features] = [5, 6, 8];
  const original = spheres({ classes, points, features, seed, distance: 0.5 });
  const stream = randomStream(seed, 'moved');
  // A product of plane rotations is a rotation.
  const moved = original.data.slice();
  for (let step = 0; step < 40; step++) {
    const [a, b, angle] = [stream.nextInteger(features), stream.nextInteger(features), 6 * stream.nextUniform()];
    if (a === b) continue;
    for (let row = 0; row < moved.length; row += features) {
      const [x, y] = [moved[row + a]!, moved[row + b]!];
      moved[row + a] = Math.cos(angle) * x - Math.sin(angle) * y;
      moved[row + b] = Math.sin(angle) * x + Math.cos(angle) * y;
    }
  }
  const base = values(classSeparation(original, { random }));
  const turned = values(classSeparation({ ...original, data: moved.map((x) => 7 * x) }, { random }));
  const shifted = values(classSeparation({ ...original, data: moved.map((x, i) => 7 * x + (i % features)) }, { random }));
  const order = stream.shuffle(Array.from({ length: classes * points }, (_, i) => i));
  const reordered = values(classSeparation({
    shape: original.shape, data: Float64Array.from(order.flatMap((row) => [...original.data.subarray(row * features, (row + 1) * features)])),
    manifoldOf: Int32Array.from(order, (row) => -10 * original.manifoldOf[row]!),
  }, { random }));
  for (const [name, value] of Object.entries(base)) {
    expect(turned[name]).toBeCloseTo(value, 9);
    expect(reordered[name]).toBeCloseTo(value, 9);
    if (name === 'betweenClassDiscrimination') expect(Math.abs(shifted[name]! - value)).toBeGreaterThan(0.1);
    else expect(shifted[name]).toBeCloseTo(value, 9);
  }
});

test('the standard error of compression is that of repeated draws of the classes', () => {
  const repeats = Array.from({ length: 60 }, (_, seed) => classSeparation(spheres({ classes: 12, points: 10, features: 5, seed, distance: 1 }), { random }).measures.withinClassCompression);
  const mean = repeats.reduce((sum, { value }) => sum + value, 0) / 60;
  const deviation = Math.sqrt(repeats.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / 59);
  const stated = repeats.reduce((sum, { standardError }) => sum + standardError, 0) / 60;
  // A deviation of 60 draws has an error of 9 %; the jackknife is itself biased upwards by some percent.
  expect(Math.abs(stated / deviation - 1)).toBeLessThan(0.35);
});

test('a measure that does not exist is NaN with the reason, and the others remain', () => {
  const reason = (measure: { value: number; note?: string }) => { expect(measure.value).toBeNaN(); return measure.note; };
  const single = classSeparation(cloud([[[1, 0]], [[0, 1]], [[3, 3]]]), { random }).measures;
  for (const measure of [single.nc1, single.withinClassCompression, single.cdnv, single.fisherRatio, single.nearestCenterAccuracy]) expect(reason(measure)).toContain('single point');
  expect(single.nc2FrameDistance.value).toBeGreaterThan(0);
  const constant = classSeparation(cloud([[[0, 0], [0, 0]], [[0, 0], [0, 0]], [[0, 0], [0, 0]]]), { random }).measures;
  for (const measure of Object.values(constant)) expect(reason(measure)).toMatch(/coincide|origin/);
  const two = classSeparation(cloud([[[1, 0], [1, 1]], [[0, 1], [0, 2]]]), { random }).measures;
  expect(reason(two.nc2CosineSpread)).toContain('3 classes');
  expect(two.nc1).toMatchObject({ standardError: NaN, value: expect.any(Number) });
  const pair = classSeparation(cloud([[[1, 0], [1, 2]], [[1, 1], [1, 1]], [[5, 1], [5, 3]]]), { random }).measures;
  expect(reason(pair.cdnv)).toContain('Two class centers coincide');
  expect(pair.nc1.value).toBeGreaterThan(0);
  const central = classSeparation(cloud([[[-1, 0], [-1, 2]], [[0, 0], [0, 2]], [[1, 0], [1, 2]]]), { random }).measures;
  expect(reason(central.nc2CosineSpread)).toContain('mean of the centers');
});

test('values that are not finite are refused with point and feature', () => {
  const points = cloud([[[1, 0], [1, NaN]], [[0, 1], [0, 2]]]);
  expect(() => classSeparation(points, { random })).toThrow(/classSeparation: data must be finite; point 1, feature 1 is NaN/);
});
