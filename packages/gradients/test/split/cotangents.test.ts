import { expect, test } from '@jest/globals';
import { randomStream } from '@memgeo/numerics';
import { labelCotangent, probeCotangent, softmaxCotangent } from '../../src/index.js';

test('the cotangents of both parts sum to that of the cross-entropy, centered or not', () => {
  const logits = Float32Array.of(1, 2, 3, 500, 0, -500);
  const p = [0.09003057, 0.24472847, 0.66524096, 1, 0, 0];
  for (const center of [0, 1 / 3]) {
    const [dependent, independent] = [labelCotangent([2, 1], { classes: 3, center }), softmaxCotangent(logits, { classes: 3, center })];
    [0, 0, 1, 0, 1, 0].forEach((y, at) => {
      expect(Math.abs(dependent[at]! - (center - y))).toBeLessThan(1e-7);
      expect(Math.abs(dependent[at]! + independent[at]! - (p[at]! - y))).toBeLessThan(1e-6);
    });
  }
});

test('probes are centered both ways, and their squares average to the trace of the centered kernel', () => {
  const random = randomStream(1, 'probes');
  const [examples, classes] = [5, 3];
  const kernelRoot = Array.from({ length: 4 }, () => random.fillNormal(new Float64Array(examples * classes)));
  // tr(H Theta H), H the projection off the means of rows and columns: the squared norms of what is left of each feature.
  const centered = (x: Float64Array) => x.map((value, at) => {
    const [row, column] = [Math.floor(at / classes), at % classes];
    const meanOf = (keep: (i: number) => boolean) => { const own = x.filter((_, i) => keep(i)); return own.reduce((a, b) => a + b, 0) / own.length; };
    return value - meanOf((i) => Math.floor(i / classes) === row) - meanOf((i) => i % classes === column) + meanOf(() => true);
  });
  const trace = kernelRoot.reduce((sum, feature) => sum + centered(feature).reduce((square, value) => square + value * value, 0), 0);
  const squares = Array.from({ length: 4000 }, () => {
    const probe = probeCotangent(examples, classes, random);
    return kernelRoot.reduce((sum, feature) => sum + feature.reduce((product, value, at) => product + value * probe[at]!, 0) ** 2, 0);
  });
  const mean = squares.reduce((a, b) => a + b, 0) / squares.length;
  const error = Math.sqrt(squares.reduce((sum, square) => sum + (square - mean) ** 2, 0)) / squares.length;
  expect(Math.abs(mean - trace)).toBeLessThan(4 * error);
  const probe = probeCotangent(examples, classes, random);
  for (let k = 0; k < classes; k++) expect(Math.abs(probe.filter((_, at) => at % classes === k).reduce((a, b) => a + b, 0))).toBeLessThan(1e-6);
});
