import * as tf from '@tensorflow/tfjs-core';

/** Added to variances before their root is taken. */
export const normEpsilon = 1e-5;
/** Kernels that a backend may register; without them the same is composed of standard operations. */
export const batchNormKernel = 'MemgeoBatchNorm';
export const batchNormGradientKernel = 'MemgeoBatchNormGradient';

/** The backend whose kernels rectify as well; elsewhere it is an operation of its own. */
const rectifyingBackend = 'wasm';

export type NormalizedBatch = { readonly output: tf.Tensor; readonly mean: tf.Tensor1D; readonly variance: tf.Tensor1D };

/**
 * Normalizes each channel by the mean and variance of its batch, with one differentiable operation.
 *
 * The gradient is the closed form, with respect to x, scale and offset.
 *
 * @param x  Shape (..., channels).
 * @param options.isRectified  Whether negative outputs become 0: the ReLU that follows, without a pass of its own. Default false.
 * @returns output = scale (x - mean) / sqrt(variance + epsilon) + offset; mean and biased variance, which carry no gradient and
 *   outlive any tidy: dispose of them.
 */
export function normalizeBatch(x: tf.Tensor, scale: tf.Tensor1D, offset: tf.Tensor1D, { isRectified = false }: { isRectified?: boolean } = {}): NormalizedBatch {
  if (isRectified && tf.getBackend() !== rectifyingBackend) {
    const normalized = normalizeBatch(x, scale, offset);
    return { ...normalized, output: tf.relu(normalized.output) };
  }
  const channels = x.shape.at(-1)!;
  const matrix = tf.reshape(x, [-1, channels]) as tf.Tensor2D;
  let moments: { mean: tf.Tensor1D; variance: tf.Tensor1D } | undefined;
  const normalize = tf.customGrad((...operands) => {
    const [rows, gamma, beta, save] = operands as unknown as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D, tf.GradSaveFunc];
    const { output, mean, variance } = forward(rows, gamma, beta, isRectified);
    moments = { mean: tf.keep(mean), variance: tf.keep(variance) };
    save([rows, gamma, beta, mean, variance]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => backward(dy as tf.Tensor2D, saved as Saved, isRectified);
    return { value: output, gradFunc };
  });
  const output = tf.reshape(normalize(matrix, scale, offset), x.shape);
  return { output, ...moments! };
}

type Saved = [x: tf.Tensor2D, scale: tf.Tensor1D, offset: tf.Tensor1D, mean: tf.Tensor1D, variance: tf.Tensor1D];

function isSupplied(kernel: string): boolean {
  return tf.getKernel(kernel, tf.getBackend()) !== undefined;
}

function forward(x: tf.Tensor2D, scale: tf.Tensor1D, offset: tf.Tensor1D, isRectified: boolean): { output: tf.Tensor; mean: tf.Tensor1D; variance: tf.Tensor1D } {
  if (isSupplied(batchNormKernel)) {
    const [output, mean, variance] = tf.engine().runKernel(batchNormKernel, { x, scale, offset }, { isRectified }) as unknown as [tf.Tensor, tf.Tensor1D, tf.Tensor1D];
    return { output, mean, variance };
  }
  const mean = tf.mean(x, 0) as tf.Tensor1D;
  const centered = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centered), 0) as tf.Tensor1D;
  const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, normEpsilon)));
  const output = tf.add(tf.mul(centered, factor), offset);
  return { output, mean, variance };
}

function backward(dy: tf.Tensor2D, [x, scale, offset, mean, variance]: Saved, isRectified: boolean): tf.Tensor[] {
  if (isSupplied(batchNormGradientKernel)) {
    return tf.engine().runKernel(batchNormGradientKernel, { dy, x, scale, offset, mean, variance }, { isRectified }) as unknown as tf.Tensor[];
  }
  const inverse = tf.rsqrt(tf.add(variance, normEpsilon));
  const standard = tf.mul(tf.sub(x, mean), inverse);
  const scaleGradient = tf.sum(tf.mul(dy, standard), 0);
  const offsetGradient = tf.sum(dy, 0);
  const rows = x.shape[0];
  const inner = tf.sub(tf.sub(dy, tf.div(offsetGradient, rows)), tf.mul(standard, tf.div(scaleGradient, rows)));
  return [tf.mul(inner, tf.mul(scale, inverse)), scaleGradient, offsetGradient];
}
