import { addScaled, dot } from '@memgeo/numerics';
import { combine, pointsByRows } from '../cone/cone-points.js';
import { projectOntoCone } from '../cone/project-onto-cone.js';

// Legend: u_i = points, centered, with a bias coordinate, scaled to norm 1; y_i = labels; z_i = y_i u_i; a = multipliers, a_i = y_i c_i;
// w = sum_i a_i z_i.

/** Whether a hyperplane parts two classes of points, and what proves it. */
export type Separability = {
  /** Undefined if neither is proven within the tolerance. */
  readonly isSeparable: boolean | undefined;
  /**
   * If separable: the smallest distance of a point from the hyperplane, on its right side, as a fraction of its distance from the mean
   * of all points (with a bias). If not: an upper bound of it. In the scaled space of the certificate.
   */
  readonly margin: number;
  /** The normal vector of the hyperplane, shape (features), and its bias: labels_i (x_i . normal + bias) > 0; undefined unless separable. */
  readonly hyperplane: { readonly normal: Float64Array; readonly bias: number } | undefined;
  /** Convex weights of the points, shape (points), under which the signed, scaled points cancel; undefined unless not separable. */
  readonly combination: Float64Array | undefined;
};

/** What rounding may do to an inner product of vectors of norm 1. */
const rounding = 1e-13;
/** Signed points of norm 1 cancel if a convex combination is at most this long: no hyperplane has a larger margin. */
const cancels = 1e-6;

/**
 * Decides whether a hyperplane with a bias parts two classes of points, and certifies it either way.
 *
 * Solves min_{a >= 0} |sum_i a_i (z_i, 1) - e_last|^2 for the signed points z_i = y_i (x_i, 1), by nonnegative least squares with
 * generation of columns. A residual above 0 has the hyperplane in it, and every point is then checked against it; a residual of 0 is
 * a convex combination of the z_i that cancels, and its length is checked: one of the two exists by Gordan's theorem
 * [mangasarian1994nonlinear]. Points are centered and the signed points scaled to norm 1 before, which changes no answer and makes
 * tolerances relative. Margins below 1e-6 of the points' norm may be called not separable.
 *
 * @param points.data  Shape `shape`, row-major, finite. Not modified.
 * @param points.shape  (points, features).
 * @param labels  +1 or -1 per point.
 * @throws RangeError if sizes disagree, a value is not finite or a label is neither 1 nor -1.
 */
export function separability(points: { readonly data: Float32Array | Float64Array; readonly shape: readonly [number, number] }, labels: ArrayLike<number>): Separability {
  const { data, shape: [count, features] } = points;
  if (!(count >= 1 && features >= 1) || data.length !== count * features) throw new RangeError(`separability: data must have points x features = ${count} x ${features} elements; got ${data.length}.`);
  if (labels.length !== count) throw new RangeError(`separability: labels must have one entry for each of the ${count} points; got ${labels.length}.`);
  for (let i = 0; i < count; i++) if (Math.abs(labels[i]!) !== 1) throw new RangeError(`separability: labels must be 1 or -1; label ${i} is ${labels[i]}.`);
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i]!)) throw new RangeError(`separability: data must be finite; point ${Math.floor(i / features)}, feature ${i % features} is ${data[i]}.`);
  }
  return certifySeparability(Float64Array.from(data), Float64Array.from(labels), features);
}

/**
 * The same without checks.
 *
 * @param data  Shape (points, features). Overwritten.
 */
export function certifySeparability(data: Float64Array, labels: Float64Array, features: number): Separability {
  const count = labels.length;
  if (labels.every((label) => label === labels[0])) {
    return { isSeparable: true, margin: 1, hyperplane: { normal: new Float64Array(features), bias: labels[0]! }, combination: undefined };
  }
  const { rows, scales, mean, size } = normalize(data, labels, features);
  const width = features + 2;
  const points = pointsByRows(rows, count, width);
  const examine = (weights: Float64Array) => {
    const w = combine(rows, weights, width).subarray(0, width - 1);
    const length = Math.sqrt(dot(w, 0, w, 0, width - 1));
    let margin = Infinity;
    for (let i = 0; i < count; i++) margin = Math.min(margin, (labels[i]! * dot(rows, i * width, w, 0, width - 1)) / length);
    return { w, margin, bound: length / dot(weights, 0, labels, 0, count) };
  };
  const { weights } = projectOntoCone(points, {
    // v = -e_last + sum_i c_i (u_i, y_i), so that y_i (u_i, y_i) . v = z_i . w + sum_j a_j - 1.
    signs: labels, targetResponses: labels.map((label) => -label), tolerance: 1e-13, ridge: [1e-2, 0.5],
    isEnough: (state) => { const { margin, bound } = examine(state); return margin > rounding || bound <= cancels; },
  });
  const { w, margin, bound } = examine(weights);
  if (margin > rounding) {
    const normal = w.subarray(0, features).map((x) => x / size);
    return { isSeparable: true, margin, hyperplane: { normal, bias: w[features]! - dot(normal, 0, mean, 0, features) }, combination: undefined };
  }
  if (!(bound <= cancels)) return { isSeparable: undefined, margin: bound, hyperplane: undefined, combination: undefined };
  const convex = weights.map((weight, i) => (labels[i]! * weight) / scales[i]!);
  const sum = convex.reduce((x, y) => x + y, 0);
  return { isSeparable: false, margin: bound, hyperplane: undefined, combination: convex.map((x) => x / sum) };
}

/**
 * Centers the points, divides them by their root mean square norm, appends a bias of 1, scales each row to norm 1 and appends its label.
 *
 * @returns rows: (u_i, y_i), shape (points, features + 2); scales: norms of the rows before they became 1; mean and size: what was taken off.
 */
function normalize(data: Float64Array, labels: Float64Array, features: number): { rows: Float64Array; scales: Float64Array; mean: Float64Array; size: number } {
  const count = labels.length;
  const width = features + 2;
  const mean = new Float64Array(features);
  for (let i = 0; i < count; i++) addScaled(mean, 0, 1 / count, data, i * features, features);
  for (let i = 0; i < count; i++) addScaled(data, i * features, -1, mean, 0, features);
  const size = Math.sqrt(dot(data, 0, data, 0, data.length) / count) || 1;
  const rows = new Float64Array(count * width);
  const scales = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const norm = Math.sqrt(dot(data, i * features, data, i * features, features) / size ** 2 + 1);
    scales[i] = norm;
    for (let j = 0; j < features; j++) rows[i * width + j] = data[i * features + j]! / size / norm;
    rows[i * width + features] = 1 / norm;
    rows[i * width + features + 1] = labels[i]!;
  }
  return { rows, scales, mean, size };
}
