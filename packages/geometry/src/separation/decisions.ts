import { crossProducts } from '@memgeo/numerics';

/** Rows copied to float64 at once. */
const rowsAtOnce = 256;

/**
 * Decides the class of each point by a linear classifier.
 *
 * @param data  Shape (points, features).
 * @param options.weights  Shape (classes, features).
 * @param options.bias  Shape (classes); 0 if left out.
 * @returns the class of the largest output, shape (points).
 */
export function linearDecisions(data: Float32Array | Float64Array, { features, weights, bias }: {
  features: number; weights: Float64Array; bias?: ArrayLike<number> | undefined;
}): Int32Array {
  const classCount = weights.length / features;
  const decisions = new Int32Array(data.length / features);
  for (let start = 0; start < decisions.length; start += rowsAtOnce) {
    const block = Float64Array.from(data.subarray(start * features, (start + rowsAtOnce) * features));
    const outputs = crossProducts(block, block.length / features, weights, classCount, features);
    for (let i = 0; i < block.length / features; i++) {
      let [best, most] = [0, -Infinity];
      for (let k = 0; k < classCount; k++) {
        const output = outputs[i * classCount + k]! + (bias?.[k] ?? 0);
        if (output > most) [best, most] = [k, output];
      }
      decisions[start + i] = best;
    }
  }
  return decisions;
}
