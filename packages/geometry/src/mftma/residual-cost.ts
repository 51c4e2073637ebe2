import { addScaled, dot } from '@memgeo/numerics';

// Legend: X = centers in an orthonormal basis of their span (P, n); V = orthonormal directions (n, K); C = X X'; c = X V;
// E = C - c c' = Gram matrix of the centers without those directions; d = diag E.

/**
 * The cost of removing a subspace: half the sum of squared cosines between what is left of the centers.
 *
 * f(V) = 1/2 sum_pq E_pq^2 / (d_p d_q). It depends on the span of V alone.
 */
export class ResidualCost {
  readonly centerCount: number;
  readonly dimension: number;
  readonly #columns: Float64Array;
  readonly #gram: Float64Array;
  readonly #left: Float64Array;
  readonly #weighted: Float64Array;
  readonly #inverse: Float64Array;
  readonly #weights: Float64Array;
  readonly #column: Float64Array;
  #c = new Float64Array(0);

  /**
   * @param centers  X, shape (centerCount, dimension).
   * @param gram  X X', shape (centerCount, centerCount).
   */
  constructor(centers: Float64Array, gram: Float64Array, centerCount: number, dimension: number) {
    this.centerCount = centerCount;
    this.dimension = dimension;
    this.#gram = gram;
    this.#columns = new Float64Array(centerCount * dimension);
    for (let p = 0; p < centerCount; p++) for (let j = 0; j < dimension; j++) this.#columns[j * centerCount + p] = centers[p * dimension + j]!;
    this.#left = new Float64Array(centerCount * centerCount);
    this.#weighted = new Float64Array(centerCount * centerCount);
    this.#inverse = new Float64Array(centerCount);
    this.#weights = new Float64Array(centerCount);
    this.#column = new Float64Array(centerCount);
  }

  /**
   * Computes the cost and, if asked for, its Euclidean gradient.
   *
   * @param directions  V, one direction per row, shape (rank, dimension).
   * @param gradient  Receives dF/dV in the layout of `directions`.
   */
  evaluate(directions: Float64Array, rank: number, gradient?: Float64Array): number {
    const [P, n, E, inverse, r, W, z] = [this.centerCount, this.dimension, this.#left, this.#inverse, this.#weights, this.#weighted, this.#column];
    this.#removeDirections(directions, rank);
    for (let p = 0; p < P; p++) inverse[p] = 1 / E[p * P + p]!;
    r.fill(1);
    // W = E / (dd'), and r_p = sum_q E_pq^2 / (d_p d_q), of which q = p gives 1.
    for (let p = 0; p < P; p++) {
      const dp = inverse[p]!;
      let sum = 0;
      for (let q = 0; q < p; q++) {
        const e = E[p * P + q]!;
        const w = e * dp * inverse[q]!;
        W[p * P + q] = w;
        W[q * P + p] = w;
        sum += e * w;
        r[q]! += e * w;
      }
      r[p]! += sum;
    }
    let cost = 0;
    for (let p = 0; p < P; p++) cost += r[p]!;
    if (!gradient) return cost / 2;
    // dF/dV = 2 X'Z with Z = (diag(r/d) - W) c; the diagonal of W takes the 1 out of r.
    for (let p = 0; p < P; p++) W[p * P + p] = -(r[p]! - 1) * inverse[p]!;
    for (let k = 0; k < rank; k++) {
      for (let p = 0; p < P; p++) z[p] = -2 * dot(W, p * P, this.#c, k * P, P);
      for (let j = 0; j < n; j++) gradient[k * n + j] = dot(this.#columns, j * P, z, 0, P);
    }
    return cost / 2;
  }

  /**
   * Describes what is left of the centers.
   *
   * @returns residual: mean absolute cosine; stability: smallest norm left, as a fraction of the whole; evenness: the same relative
   *   to the median center.
   */
  describe(directions: Float64Array, rank: number): { residual: number; stability: number; evenness: number } {
    const [P, E] = [this.centerCount, this.#left];
    this.#removeDirections(directions, rank);
    let sum = 0;
    const kept = new Float64Array(P);
    for (let p = 0; p < P; p++) {
      kept[p] = Math.sqrt(Math.max(0, E[p * P + p]! / this.#gram[p * P + p]!));
      for (let q = 0; q < p; q++) sum += Math.abs(E[p * P + q]!) / Math.sqrt(E[p * P + p]! * E[q * P + q]!);
    }
    kept.sort();
    const stability = kept[0] ?? 1;
    return { residual: P < 2 ? 0 : (2 * sum) / (P * (P - 1)), stability, evenness: stability / (kept[P >> 1] || 1) };
  }

  /** Fills c, one direction per row, and the lower triangle of E. */
  #removeDirections(directions: Float64Array, rank: number): void {
    const [P, n, E] = [this.centerCount, this.dimension, this.#left];
    if (this.#c.length < P * rank) this.#c = new Float64Array(P * rank);
    const c = this.#c;
    c.fill(0, 0, P * rank);
    E.set(this.#gram);
    for (let k = 0; k < rank; k++) {
      for (let j = 0; j < n; j++) addScaled(c, k * P, directions[k * n + j]!, this.#columns, j * P, P);
      for (let p = 0; p < P; p++) addScaled(E, p * P, -c[k * P + p]!, c, k * P, p + 1);
    }
  }
}
