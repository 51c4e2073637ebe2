import type { RandomStream } from '@memgeo/numerics';

const exp = Math.exp;

/**
 * Weights of logits whose sum has the label-dependent part of the gradient: -(y - center), y one-hot.
 *
 * @param center  Subtracted from each y_k: 1 / classes, or 0 for the raw split.
 * @returns shape (labels, classes), row-major.
 */
export function labelCotangent(labels: ArrayLike<number>, { classes, center }: { classes: number; center: number }): Float32Array {
  const weights = new Float32Array(labels.length * classes).fill(center);
  for (let i = 0; i < labels.length; i++) weights[i * classes + labels[i]!] = center - 1;
  return weights;
}

/**
 * Weights of logits whose sum has the label-independent part of the gradient: p - center, p the softmax of the logits.
 *
 * @param logits  Shape (examples, classes), row-major, finite.
 */
export function softmaxCotangent(logits: Float32Array, { classes, center }: { classes: number; center: number }): Float32Array {
  const weights = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes);
    const largest = row.reduce((a, b) => (a > b ? a : b));
    const exponentials = Float64Array.from(row, (logit) => exp(logit - largest));
    const sum = exponentials.reduce((a, b) => a + b, 0);
    for (let k = 0; k < classes; k++) weights[start + k] = exponentials[k]! / sum - center;
  }
  return weights;
}

/**
 * Random signs, centered over examples and over classes: a probe of the trace of the tangent kernel so centered [hutchinson1990stochastic].
 *
 * @param examples  At least 2 for a probe that is not 0.
 * @returns shape (examples, classes), row-major; rows and columns sum to 0. The squared norm of a gradient weighted so is,
 *   on average over signs, the trace of the kernel centered on both sides, which has (examples - 1)(classes - 1) dimensions.
 */
export function probeCotangent(examples: number, classes: number, random: RandomStream): Float32Array {
  const signs = Float64Array.from({ length: examples * classes }, () => (random.nextUint32() & 1 ? 1 : -1));
  const [rows, columns] = [new Float64Array(examples), new Float64Array(classes)];
  signs.forEach((sign, at) => {
    rows[Math.floor(at / classes)]! += sign / classes;
    columns[at % classes]! += sign / examples;
  });
  const mean = rows.reduce((a, b) => a + b, 0) / examples;
  return Float32Array.from(signs, (sign, at) => sign - rows[Math.floor(at / classes)]! - columns[at % classes]! + mean);
}
