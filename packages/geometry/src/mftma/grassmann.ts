import { addScaled, dot, orthonormalize } from '@memgeo/numerics';

/** Pairs of steps and gradient changes that L-BFGS remembers. */
const memory = 10;
const sufficientDecrease = 1e-4;

export type GrassmannResult = {
  /** Orthonormal directions, one per row, shape (rank, dimension). */
  readonly directions: Float64Array;
  readonly cost: number;
  readonly iterations: number;
  readonly hasConverged: boolean;
};

/**
 * Minimizes a function of a subspace by limited-memory BFGS on the Grassmann manifold.
 *
 * Steps are tangent vectors, followed by re-orthonormalization; remembered pairs are used as they are, without transport.
 * Finds a local minimum near the start.
 *
 * @param evaluate  Cost at orthonormal directions (rank, dimension); fills their Euclidean gradient.
 * @param start  Orthonormal directions, shape (rank, dimension). Not modified.
 * @param options.tolerance  Converged when the cost, relative, falls by less in each of three steps in a row. Default 1e-7.
 */
export function minimizeOverSubspaces(
  evaluate: (directions: Float64Array, gradient: Float64Array) => number,
  start: { directions: Float64Array; rank: number; dimension: number },
  options: { maxIterations?: number; tolerance?: number } = {},
): GrassmannResult {
  const { rank, dimension } = start;
  const { maxIterations = 300, tolerance = 1e-7 } = options;
  const size = rank * dimension;
  let current = Float64Array.from(start.directions);
  let gradient = new Float64Array(size);
  let cost = evaluate(current, gradient);
  projectToTangent(gradient, current, rank, dimension);
  const pairs: { step: Float64Array; change: Float64Array; curvature: number }[] = [];
  let quiet = 0;
  let iterations = 0;
  for (; iterations < maxIterations && quiet < 3; iterations++) {
    const slope = dot(gradient, 0, gradient, 0, size);
    if (slope < 1e-24 * cost * cost) break;
    let direction = twoLoop(gradient, pairs);
    projectToTangent(direction, current, rank, dimension);
    let descent = dot(direction, 0, gradient, 0, size);
    if (!(descent < -1e-10 * Math.sqrt(slope * dot(direction, 0, direction, 0, size)))) {
      pairs.length = 0;
      direction = gradient.map((value) => -value);
      descent = -slope;
    }
    const found = searchLine(evaluate, { current, direction, cost, descent, rank, dimension, first: pairs.length === 0 ? 0.1 / Math.sqrt(slope) : 1 });
    if (!found) {
      if (pairs.length === 0) break;
      pairs.length = 0;
      continue;
    }
    projectToTangent(found.gradient, found.directions, rank, dimension);
    const step = found.directions.map((value, i) => value - current[i]!);
    const change = found.gradient.map((value, i) => value - gradient[i]!);
    const curvature = dot(step, 0, change, 0, size);
    if (curvature > 1e-12 * dot(step, 0, step, 0, size)) {
      pairs.push({ step, change, curvature });
      if (pairs.length > memory) pairs.shift();
    }
    quiet = cost - found.cost <= tolerance * cost ? quiet + 1 : 0;
    ({ directions: current, gradient, cost } = found);
  }
  return { directions: current, cost, iterations, hasConverged: iterations < maxIterations };
}

/** Removes from each row of `vectors` its components along the directions. */
function projectToTangent(vectors: Float64Array, directions: Float64Array, rank: number, dimension: number): void {
  for (let i = 0; i < rank; i++) {
    for (let k = 0; k < rank; k++) {
      addScaled(vectors, i * dimension, -dot(vectors, i * dimension, directions, k * dimension, dimension), directions, k * dimension, dimension);
    }
  }
}

/** The L-BFGS direction: minus the approximate inverse Hessian times the gradient. */
function twoLoop(gradient: Float64Array, pairs: readonly { step: Float64Array; change: Float64Array; curvature: number }[]): Float64Array {
  const size = gradient.length;
  const q = gradient.map((value) => -value);
  const weights = new Float64Array(pairs.length);
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { step, change, curvature } = pairs[i]!;
    weights[i] = dot(step, 0, q, 0, size) / curvature;
    addScaled(q, 0, -weights[i]!, change, 0, size);
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = last.curvature / dot(last.change, 0, last.change, 0, size);
    for (let j = 0; j < size; j++) q[j]! *= scale;
  }
  pairs.forEach(({ step, change, curvature }, i) => addScaled(q, 0, weights[i]! - dot(change, 0, q, 0, size) / curvature, step, 0, size));
  return q;
}

type Line = { current: Float64Array; direction: Float64Array; cost: number; descent: number; rank: number; dimension: number; first: number };

/** Backtracks, by the minimum of a parabola, until the cost has fallen enough. */
function searchLine(
  evaluate: (directions: Float64Array, gradient: Float64Array) => number, line: Line,
): { directions: Float64Array<ArrayBuffer>; gradient: Float64Array<ArrayBuffer>; cost: number } | undefined {
  const { current, direction, cost, descent, rank, dimension } = line;
  let length = line.first;
  for (let attempt = 0; attempt < 25; attempt++) {
    const moved = current.map((value, i) => value + length * direction[i]!);
    const { basis: directions } = orthonormalize(moved, rank, dimension);
    const gradient = new Float64Array(directions.length);
    const next = evaluate(directions, gradient);
    if (next <= cost + sufficientDecrease * length * descent) return { directions: Float64Array.from(directions), gradient, cost: next };
    const parabola = (-descent * length * length) / (2 * (next - cost - descent * length));
    length = Number.isFinite(parabola) ? Math.min(0.5 * length, Math.max(0.1 * length, parabola)) : 0.1 * length;
  }
  return undefined;
}
