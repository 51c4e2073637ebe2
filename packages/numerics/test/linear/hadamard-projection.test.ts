import { expect, test } from '@jest/globals';
import { dot, hadamardProjection, randomStream } from '../../src/index.js';

test.each([1, 2, 32, 64])('hadamardProjection() that keeps all %d of a power of two is orthogonal', (length) => {
  const random = randomStream(1, 'test');
  const project = hadamardProjection(length, { kept: length, random });
  const [a, b] = [random.fillNormal(new Float64Array(length)), random.fillNormal(new Float64Array(length))];
  const [x, y] = [new Float64Array(length), new Float64Array(length)];
  project(a, x, 0);
  project(b, y, 0);
  expect(dot(x, 0, y, 0, length)).toBeCloseTo(dot(a, 0, b, 0, length), 11);
  expect(dot(x, 0, x, 0, length)).toBeCloseTo(dot(a, 0, a, 0, length), 11);
});

test('hadamardProjection() keeps squared norms in expectation, a sparse vector\'s too', () => {
  const vector = new Float64Array(100);
  [vector[3], vector[77]] = [3, 4];
  const target = new Float64Array(20);
  const norms = Array.from({ length: 400 }, (_, seed) => {
    hadamardProjection(100, { kept: 20, random: randomStream(seed, 'test') })(vector, target, 0);
    return dot(target, 0, target, 0, 20);
  });
  const mean = norms.reduce((sum, x) => sum + x) / 400;
  // Coordinates are 3 and 4 with random signs over sqrt(20): a squared norm is 25 with a standard deviation below 24 / sqrt(20) = 5.4.
  expect(Math.abs(mean - 25)).toBeLessThan((4 * 5.4) / Math.sqrt(400));
});

test('hadamardProjection() refuses to keep more than there is', () => {
  expect(() => hadamardProjection(4, { kept: 5, random: randomStream(1) })).toThrow('kept must be a whole number in [1, 4]; got 5');
});
