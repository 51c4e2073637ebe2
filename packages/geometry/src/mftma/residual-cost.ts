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
  #c = new Float64Array(0);
  #z = new Float64Array(0);

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
    this.#weighted = new Float64Array(centerCount);
  }

  /**
   * Computes the cost and, if asked for, its Euclidean gradient.
   *
   * @param directions  V, one direction per row, shape (rank, dimension).
   * @param gradient  Receives dF/dV in the layout of `directions`.
   */
  evaluate(directions: Float64Array, rank: number, gradient?: Float64Array): number {
    const [P, n, E, r] = [this.centerCount, this.dimension, this.#left, this.#weighted];
    this.#removeDirections(directions, rank);
    let cost = 0;
    r.fill(0);
    for (let p = 0; p < P; p++) {
      const dp = E[p * P + p]!;
      let sum = 1;
      for (let q = 0; q < p; q++) {
        const e = E[p * P + q]!;
        const share = (e * e) / (dp * E[q * P + q]!);
        sum += share;
        r[q]! += share;
      }
      r[p]! += sum;
    }
    for (let p = 0; p < P; p++) cost += r[p]!;
    cost /= 2;
    if (!gradient) return cost;
    // dF/dV = 2 X'Z with Z = (diag(r/d) - E/(dd')) c.
    const [c, Z] = [this.#c, this.#z];
    for (let p = 0; p < P; p++) {
      const dp = E[p * P + p]!;
      const own = (2 * (r[p]! - 1)) / dp;
      for (let k = 0; k < rank; k++) Z[p * rank + k] = own * c[p * rank + k]!;
    }
    for (let p = 0; p < P; p++) {
      const dp = E[p * P + p]!;
      for (let q = 0; q < p; q++) {
        const w = (-2 * E[p * P + q]!) / (dp * E[q * P + q]!);
        addScaled(Z, p * rank, w, c, q * rank, rank);
        addScaled(Z, q * rank, w, c, p * rank, rank);
      }
    }
    const column = r;
    for (let k = 0; k < rank; k++) {
      for (let p = 0; p < P; p++) column[p] = Z[p * rank + k]!;
      for (let j = 0; j < n; j++) gradient[k * n + j] = dot(this.#columns, j * P, column, 0, P);
    }
    return cost;
  }

  /** The mean absolute cosine between what is left of the centers, and the smallest norm left as a fraction of the whole. */
  describe(directions: Float64Array, rank: number): { residual: number; stability: number } {
    const [P, E] = [this.centerCount, this.#left];
    this.#removeDirections(directions, rank);
    let [sum, smallest] = [0, 1];
    for (let p = 0; p < P; p++) {
      smallest = Math.min(smallest, E[p * P + p]! / this.#gram[p * P + p]!);
      for (let q = 0; q < p; q++) sum += Math.abs(E[p * P + q]!) / Math.sqrt(E[p * P + p]! * E[q * P + q]!);
    }
    return { residual: P < 2 ? 0 : (2 * sum) / (P * (P - 1)), stability: Math.sqrt(smallest) };
  }

  /** Fills c and the lower triangle of E. */
  #removeDirections(directions: Float64Array, rank: number): void {
    const [P, n, E] = [this.centerCount, this.dimension, this.#left];
    if (this.#c.length < P * rank) {
      this.#c = new Float64Array(P * rank);
      this.#z = new Float64Array(P * rank);
    }
    const c = this.#c;
    const column = this.#weighted;
    for (let k = 0; k < rank; k++) {
      column.fill(0);
      for (let j = 0; j < n; j++) addScaled(column, 0, directions[k * n + j]!, this.#columns, j * P, P);
      for (let p = 0; p < P; p++) c[p * rank + k] = column[p]!;
    }
    for (let p = 0; p < P; p++) {
      for (let q = 0; q <= p; q++) E[p * P + q] = this.#gram[p * P + q]! - dot(c, p * rank, c, q * rank, rank);
    }
  }
}
