import { crossProducts, gramOfRows, invertPositive } from '@memgeo/numerics';

/** A linear output layer. */
export type Readout = {
  /** Shape (classes, features), row-major. */
  readonly weights: Float64Array;
  /** Shape (classes). */
  readonly bias: Float64Array;
};

/** Penalty in units of the mean eigenvalue of the features' scatter: enough for a stable inverse where features repeat each other, little beside them elsewhere. */
const relativePenalty = 1e-2;

/**
 * Fits an output layer on frozen features by ridge regression to one-hot labels, with an intercept that is not penalized.
 *
 * A closed form, so there is no step size or stopping to choose and the same features give the same layer. Its scores are no
 * logits: the largest one classifies, but they have no cross-entropy. Takes the cube of the number of features in time.
 *
 * @param features  X, shape (examples, features), row-major.
 * @param options.labels  Class of each example.
 * @throws RangeError if all features are constant.
 */
export function fitReadout(features: Float32Array, { labels, classCount }: { labels: ArrayLike<number>; classCount: number }): Readout {
  const count = labels.length;
  const width = features.length / count;
  const means = new Float64Array(width);
  for (let i = 0; i < count; i++) for (let j = 0; j < width; j++) means[j]! += features[i * width + j]! / count;
  const columns = new Float64Array(width * count);
  for (let i = 0; i < count; i++) for (let j = 0; j < width; j++) columns[j * count + i] = features[i * width + j]! - means[j]!;
  const targets = new Float64Array(classCount * count);
  for (let i = 0; i < count; i++) targets[labels[i]! * count + i] = 1;

  const scatter = gramOfRows(columns, width, count);
  let trace = 0;
  for (let j = 0; j < width; j++) trace += scatter[j * width + j]!;
  const penalty = (relativePenalty * trace) / width;
  for (let j = 0; j < width; j++) scatter[j * width + j]! += penalty;
  const inverse = trace > 0 ? invertPositive(scatter, width) : undefined;
  if (inverse === undefined) throw new RangeError('fitReadout: features must differ between examples; all are constant.');
  const weights = crossProducts(crossProducts(targets, classCount, columns, width, count), classCount, inverse, width, width);
  const bias = Float64Array.from({ length: classCount }, (_, k) => {
    let [share, shift] = [0, 0];
    for (let i = 0; i < count; i++) share += targets[k * count + i]! / count;
    for (let j = 0; j < width; j++) shift += weights[k * width + j]! * means[j]!;
    return share - shift;
  });
  return { weights, bias };
}

/** Scores of every class, shape (examples, classes), row-major. */
export function applyReadout({ weights, bias }: Readout, features: Float32Array): Float32Array {
  const classCount = bias.length;
  const width = weights.length / classCount;
  const count = features.length / width;
  const products = crossProducts(Float64Array.from(features), count, weights, classCount, width);
  return Float32Array.from(products, (product, position) => product + bias[position % classCount]!);
}
