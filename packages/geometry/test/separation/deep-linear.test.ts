import { expect, test } from '@jest/globals';
import { crossProducts, orthonormalize } from '@memgeo/numerics';
import { classSeparation, randomStream } from '../../src/index.js';
import { transpose } from '../../src/separation/compact-rows.js';
import { fitLine } from '../../src/separation/depth-line.js';

/** Random matrix with orthonormal rows, times a scale. */
function orthogonal(seed: number, rows: number, columns: number, scale: number): Float64Array {
  return orthonormalize(randomStream(seed, 'weights').fillNormal(new Float64Array(rows * columns)), rows, columns).basis.map((x) => scale * x);
}

test('in a deep linear network, compression falls by the same factor from layer to layer, 0.061, and its logarithm is a straight line', () => {
  // The setting of science.md 3.5: 30 orthogonal samples of 3 classes, 50 features, 5 hidden layers, squared error.
  const [samples, classes, width, hidden] = [30, 3, 50, 5];
  const inputs = orthogonal(0, samples, width, 1);
  const targets = Float64Array.from({ length: samples * classes }, (_, i) => Number(i % classes === Math.floor(i / classes) % classes));
  const sizes = Array.from({ length: hidden + 1 }, (_, layer) => [layer === hidden ? classes : width, width] as const);
  const weights = sizes.map(([rows, columns], layer) => orthogonal(layer + 1, rows, columns, 0.3));
  const forward = () => {
    const outputs = [inputs];
    weights.forEach((W, layer) => outputs.push(crossProducts(outputs.at(-1)!, samples, W, sizes[layer]![0], width)));
    return outputs;
  };
  for (let step = 0; step < 900; step++) {
    const outputs = forward();
    let gradient: Float64Array = outputs.at(-1)!.map((x, i) => x - targets[i]!);
    for (let layer = hidden; layer >= 0; layer--) {
      const [rows, columns] = sizes[layer]!;
      const W = weights[layer]!;
      const change = crossProducts(transpose(gradient, samples, rows), rows, transpose(outputs[layer]!, samples, columns), columns, samples);
      const before = crossProducts(gradient, samples, transpose(W, rows, columns), columns, rows);
      change.forEach((x, i) => { W[i]! -= 0.02 * x; });
      gradient = before;
    }
  }
  const outputs = forward();
  expect(Math.max(...outputs.at(-1)!.map((x, i) => Math.abs(x - targets[i]!)))).toBeLessThan(0.01);
  const manifoldOf = Int32Array.from({ length: samples }, (_, i) => i % classes);
  const compression = outputs.slice(1, -1).map((data) => classSeparation({ data, shape: [samples, width], manifoldOf }, { random: randomStream(1) }).measures.withinClassCompression.value);
  const { slope, determination } = fitLine([1, 2, 3, 4, 5], compression.map(Math.log));
  // Measured elsewhere with numpy to two digits, for other random weights.
  expect(Math.abs(Math.exp(slope.value) - 0.061)).toBeLessThan(0.002);
  expect(determination).toBeGreaterThan(0.999);
});

test('fitLine() finds slope, its standard error and R^2, and NaN where there is no line', () => {
  const { slope, determination } = fitLine([0, 1, 2, 3], [1, 3, 4, 8]);
  // Residuals 0.3, 0.1, -1.1, 0.7 of the line 0.7 + 2.2 x: 1.8 over 2 degrees of freedom and 5 of x; 26 about the mean.
  expect(slope.value).toBeCloseTo(2.2, 12);
  expect(slope.standardError).toBeCloseTo(Math.sqrt(1.8 / 2 / 5), 12);
  expect(determination).toBeCloseTo(1 - 1.8 / 26, 12);
  expect(fitLine([0, 1, 2], [5, 5, 5])).toEqual({ slope: { value: 0, standardError: 0 }, determination: NaN });
  for (const [x, y] of [[[1, 1, 1], [1, 2, 3]], [[0, 1], [1, 2]], [[0, 1, 2], [1, -Infinity, 2]]]) expect(fitLine(x!, y!).slope.value).toBeNaN();
});
