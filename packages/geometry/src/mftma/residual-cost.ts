import { kernels } from '@memgeo/numerics';

// Legend: X = centers in an orthonormal basis of their span (P, n); V = orthonormal directions (n, K); C = X X'; c = X V;
// E = C - c c' = Gram matrix of the centers without those directions; d = diag E.

/** Centers in an orthonormal basis, shape (count, dimension), and their inner products, shape (count, count). */
export type Centers = { readonly coordinates: Float64Array; readonly gram: Float64Array; readonly count: number; readonly dimension: number };

/** What is left of the centers when some directions are removed. */
export type Residual = {
  /** Mean absolute cosine between different centers. */
  readonly residual: number;
  /** Smallest norm left, as a fraction of the whole. */
  readonly stability: number;
  /** The same relative to the median center. */
  readonly evenness: number;
};

/**
 * The cost of removing a subspace: half the sum of squared cosines between what is left of the centers.
 *
 * f(V) = 1/2 sum_pq E_pq^2 / (d_p d_q). It depends on the span of V alone. Works in the kernels' memory, for one rank.
 */
export class ResidualCost {
  readonly #centers: Centers;
  readonly #rank: number;
  readonly #X: Float64Array;
  readonly #minusGram: Float64Array;
  /** -E, lower triangle. */
  readonly #minusLeft: Float64Array;
  readonly #weighted: Float64Array;
  readonly #inverse: Float64Array;
  readonly #r: Float64Array;
  readonly #c: Float64Array;
  readonly #cByDirection: Float64Array;
  readonly #z: Float64Array;

  /** @param allocate  Lends memory of the kernels for as long as this lives. */
  constructor(centers: Centers, rank: number, allocate: (length: number) => Float64Array) {
    const { count: P, dimension: n, coordinates, gram } = centers;
    this.#centers = centers;
    this.#rank = rank;
    this.#X = allocate(P * n);
    this.#X.set(coordinates);
    this.#minusGram = allocate(P * P);
    for (let i = 0; i < P * P; i++) this.#minusGram[i] = -gram[i]!;
    this.#minusLeft = allocate(P * P);
    this.#weighted = allocate(P * P);
    this.#inverse = allocate(P);
    this.#r = allocate(P);
    this.#c = allocate(P * rank);
    this.#cByDirection = allocate(rank * P);
    this.#z = allocate(rank * P);
  }

  /**
   * Computes the cost and, if asked for, its Euclidean gradient.
   *
   * @param directions  V, one direction per row, shape (rank, dimension), in the kernels' memory.
   * @param gradient  Receives dF/dV in the layout of `directions`, in the kernels' memory.
   */
  evaluate(directions: Float64Array, gradient?: Float64Array): number {
    this.#removeDirections(directions);
    const cost = this.#weigh();
    if (!gradient) return cost / 2;
    const { count: P, dimension: n } = this.#centers;
    const { functions } = kernels();
    // dF/dV = X'Z with Z = 2 (diag(r/d) - W) c; the weighted matrix holds all of it but c.
    this.#z.fill(0);
    functions.crossProducts(this.#cByDirection.byteOffset, 8 * P, this.#rank, this.#weighted.byteOffset, 8 * P, P, P, this.#z.byteOffset, 8 * P, 0);
    gradient.fill(0);
    functions.addCombinations(gradient.byteOffset, 8 * n, this.#rank, this.#z.byteOffset, 8 * P, this.#X.byteOffset, 8 * n, P, n);
    return cost / 2;
  }

  /** Describes what is left of the centers without these directions. */
  describe(directions: Float64Array): Residual {
    const [P, E, gram] = [this.#centers.count, this.#minusLeft, this.#centers.gram];
    this.#removeDirections(directions);
    let sum = 0;
    const kept = new Float64Array(P);
    for (let p = 0; p < P; p++) {
      kept[p] = Math.sqrt(Math.max(0, -E[p * P + p]! / gram[p * P + p]!));
      for (let q = 0; q < p; q++) sum += Math.abs(E[p * P + q]!) / Math.sqrt(E[p * P + p]! * E[q * P + q]!);
    }
    kept.sort();
    const stability = kept[0] ?? 1;
    return { residual: P < 2 ? 0 : (2 * sum) / (P * (P - 1)), stability, evenness: stability / (kept[P >> 1] || 1) };
  }

  /** Fills c in both orders, and the lower triangle of -E. */
  #removeDirections(directions: Float64Array): void {
    const { count: P, dimension: n } = this.#centers;
    const K = this.#rank;
    const { functions } = kernels();
    this.#cByDirection.fill(0);
    functions.crossProducts(directions.byteOffset, 8 * n, K, this.#X.byteOffset, 8 * n, P, n, this.#cByDirection.byteOffset, 8 * P, 0);
    for (let k = 0; k < K; k++) for (let p = 0; p < P; p++) this.#c[p * K + k] = this.#cByDirection[k * P + p]!;
    this.#minusLeft.set(this.#minusGram);
    functions.crossProducts(this.#c.byteOffset, 8 * K, P, this.#c.byteOffset, 8 * K, P, K, this.#minusLeft.byteOffset, 8 * P, 1);
  }

  /** Fills 2 (diag(r/d) - W), where W = E / (dd') and r_p = sum_q E_pq^2 / (d_p d_q). @returns twice the cost, the sum of r. */
  #weigh(): number {
    const [P, minusE, inverse, r, weighted] = [this.#centers.count, this.#minusLeft, this.#inverse, this.#r, this.#weighted];
    for (let p = 0; p < P; p++) inverse[p] = -1 / minusE[p * P + p]!;
    r.fill(1);
    for (let p = 0; p < P; p++) {
      const dp = inverse[p]!;
      const row = p * P;
      let sum = 0;
      for (let q = 0; q < p; q++) {
        const e = minusE[row + q]!;
        const w = e * dp * inverse[q]!;
        weighted[row + q] = 2 * w;
        weighted[q * P + p] = 2 * w;
        sum += e * w;
        r[q]! += e * w;
      }
      r[p]! += sum;
    }
    let cost = 0;
    for (let p = 0; p < P; p++) {
      cost += r[p]!;
      // The diagonal of W takes the 1 out of r.
      weighted[p * P + p] = 2 * (r[p]! - 1) * inverse[p]!;
    }
    return cost;
  }
}
