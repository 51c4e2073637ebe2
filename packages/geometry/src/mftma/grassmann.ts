import { kernels } from '@memgeo/numerics';

/** Pairs of steps and gradient changes that L-BFGS remembers. */
const memory = 10;
const sufficientDecrease = 1e-4;

export type GrassmannResult = { readonly cost: number; readonly iterations: number; readonly hasConverged: boolean };

/** Steps and changes of the gradient, newest last. */
type Pair = { readonly step: Float64Array; readonly change: Float64Array; curvature: number };

/**
 * Minimizes a function of a subspace by limited-memory BFGS on the Grassmann manifold.
 *
 * Steps are tangent vectors, followed by re-orthonormalization; remembered pairs are used as they are, without transport.
 * Finds a local minimum near the start. Every array lies in the kernels' memory.
 *
 * @param evaluate  Cost at orthonormal directions (rank, dimension); fills their Euclidean gradient.
 * @param directions  Orthonormal start, shape (rank, dimension); becomes the minimum.
 * @param options.tolerance  Converged when the cost, relative, falls by less in each of three steps in a row. Default 1e-7.
 */
export function minimizeOverSubspaces(
  evaluate: (directions: Float64Array, gradient: Float64Array) => number,
  directions: Float64Array,
  { rank, dimension, maxIterations = 500, tolerance = 1e-7 }: { rank: number; dimension: number; maxIterations?: number; tolerance?: number },
): GrassmannResult {
  return kernels().borrow((allocate) => {
    const space = new Subspaces(rank, dimension, allocate);
    const size = rank * dimension;
    let [current, gradient, trial, trialGradient] = [directions, allocate(size), allocate(size), allocate(size)];
    const direction = allocate(size);
    const spare: Pair[] = Array.from({ length: memory }, () => ({ step: allocate(size), change: allocate(size), curvature: 0 }));
    const pairs: Pair[] = [];
    const forget = () => { spare.push(...pairs.splice(0)); };
    let cost = evaluate(current, gradient);
    space.projectToTangent(gradient, current);
    let [quiet, iterations, isStuck] = [0, 0, false];
    for (; iterations < maxIterations && quiet < 3; iterations++) {
      const slope = space.dot(gradient, gradient);
      if (slope < 1e-24 * cost * cost) break;
      twoLoop(space, gradient, pairs, direction);
      space.projectToTangent(direction, current);
      let descent = space.dot(direction, gradient);
      if (!(descent < -1e-10 * Math.sqrt(slope * space.dot(direction, direction)))) {
        forget();
        for (let i = 0; i < size; i++) direction[i] = -gradient[i]!;
        descent = -slope;
      }
      let length = pairs.length === 0 ? 0.1 / Math.sqrt(slope) : 1;
      let next = Infinity;
      // Backtracks, by the minimum of a parabola, until the cost has fallen enough.
      for (let attempt = 0; attempt < 25; attempt++) {
        trial.set(current);
        space.addScaled(trial, length, direction);
        next = space.orthonormalize(trial) ? evaluate(trial, trialGradient) : Infinity;
        if (next <= cost + sufficientDecrease * length * descent) break;
        const parabola = (-descent * length * length) / (2 * (next - cost - descent * length));
        length = Number.isFinite(parabola) ? Math.min(0.5 * length, Math.max(0.1 * length, parabola)) : 0.1 * length;
        next = Infinity;
      }
      if (next === Infinity) {
        isStuck = pairs.length === 0 && slope > 1e-12 * cost * cost;
        if (pairs.length === 0) break;
        forget();
        continue;
      }
      space.projectToTangent(trialGradient, trial);
      const pair = spare.pop() ?? pairs.shift()!;
      for (let i = 0; i < size; i++) {
        pair.step[i] = trial[i]! - current[i]!;
        pair.change[i] = trialGradient[i]! - gradient[i]!;
      }
      pair.curvature = space.dot(pair.step, pair.change);
      (pair.curvature > 1e-12 * space.dot(pair.step, pair.step) ? pairs : spare).push(pair);
      quiet = cost - next <= tolerance * cost ? quiet + 1 : 0;
      [current, trial, gradient, trialGradient, cost] = [trial, current, trialGradient, gradient, next];
    }
    if (current !== directions) directions.set(current);
    return { cost, iterations, hasConverged: iterations < maxIterations && !isStuck };
  });
}

/** Operations on `rank` vectors of `dimension` elements, in the kernels' memory. */
class Subspaces {
  readonly #rank: number;
  readonly #dimension: number;
  readonly #components: Float64Array;
  readonly #functions = kernels().functions;

  constructor(rank: number, dimension: number, allocate: (length: number) => Float64Array) {
    this.#rank = rank;
    this.#dimension = dimension;
    this.#components = allocate(rank * rank);
  }

  dot(x: Float64Array, y: Float64Array): number {
    return this.#functions.innerProduct(x.byteOffset, y.byteOffset, x.length);
  }

  addScaled(y: Float64Array, factor: number, x: Float64Array): void {
    this.#functions.addScaled(y.byteOffset, factor, x.byteOffset, x.length);
  }

  /** Removes from each vector its components along the directions. */
  projectToTangent(vectors: Float64Array, directions: Float64Array): void {
    const [K, bytes] = [this.#rank, 8 * this.#dimension];
    this.#components.fill(0);
    this.#functions.crossProducts(vectors.byteOffset, bytes, K, directions.byteOffset, bytes, K, this.#dimension, this.#components.byteOffset, 8 * K, 0);
    for (let i = 0; i < K * K; i++) this.#components[i] = -this.#components[i]!;
    this.#functions.addCombinations(vectors.byteOffset, bytes, K, this.#components.byteOffset, 8 * K, directions.byteOffset, bytes, K, this.#dimension);
  }

  /** @returns false if the vectors are dependent. */
  orthonormalize(vectors: Float64Array): boolean {
    return this.#functions.orthonormalize(vectors.byteOffset, this.#rank, this.#dimension, 0, this.#components.byteOffset, 1e-12) === this.#rank;
  }
}

/** The L-BFGS direction: minus the approximate inverse Hessian times the gradient. */
function twoLoop(space: Subspaces, gradient: Float64Array, pairs: readonly Pair[], direction: Float64Array): void {
  for (let i = 0; i < direction.length; i++) direction[i] = -gradient[i]!;
  const weights = new Float64Array(pairs.length);
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { step, change, curvature } = pairs[i]!;
    weights[i] = space.dot(step, direction) / curvature;
    space.addScaled(direction, -weights[i]!, change);
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = last.curvature / space.dot(last.change, last.change);
    for (let j = 0; j < direction.length; j++) direction[j]! *= scale;
  }
  pairs.forEach(({ step, change, curvature }, i) => space.addScaled(direction, weights[i]! - space.dot(change, direction) / curvature, step));
}
