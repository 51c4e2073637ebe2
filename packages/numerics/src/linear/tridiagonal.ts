/** A symmetric tridiagonal matrix. */
export type Tridiagonal = {
  /** Shape (size). */
  readonly diagonal: Float64Array;
  /** `offDiagonal[i]` stands at (i, i + 1) and (i + 1, i); shape (size - 1). */
  readonly offDiagonal: Float64Array;
};

/**
 * Reduces a symmetric matrix to tridiagonal form, T = Q' A Q, by Householder reflections.
 *
 * The first column of Q is the direction `first`. So a change of A along that direction alone, A + c f f', changes the first
 * element of T alone; and a row and column that border A along f border T at its first element. One reduction thus serves the
 * spectra of centered and of uncentered data. About 4/3 size^3 operations.
 *
 * @param matrix  A, shape (size, size), row-major, symmetric; only its lower triangle is read. Overwritten.
 * @param options.first  f, shape (size); any norm. Left out or zero: the first unit vector.
 */
export function tridiagonalize(matrix: Float64Array, size: number, { first }: { first?: Float64Array } = {}): Tridiagonal {
  if (first !== undefined) turnToFirst(matrix, size, first);
  const diagonal = new Float64Array(size);
  const offDiagonal = new Float64Array(Math.max(0, size - 1));
  let [v, w] = [new Float64Array(size), new Float64Array(size)];
  let [nextV, product] = [new Float64Array(size), new Float64Array(size)];
  for (let k = 0; k < size; k++) {
    // What the reflection before asks of column k; the rest follows in the same pass as the next product.
    for (let i = k; i < size; i++) matrix[i * size + k]! -= v[i]! * w[k]! + w[i]! * v[k]!;
    diagonal[k] = matrix[k * size + k]!;
    if (k === size - 1) break;
    const { scale, image } = reflector(matrix, size, k, nextV);
    offDiagonal[k] = image;
    updateAndMultiply(matrix, size, k + 1, { v, w, x: nextV, product });
    let overlap = 0;
    for (let i = k + 1; i < size; i++) overlap += product[i]! * nextV[i]!;
    const shift = (scale * scale * overlap) / 2;
    for (let i = k + 1; i < size; i++) product[i] = scale * product[i]! - shift * nextV[i]!;
    [v, nextV] = [nextV, v];
    [w, product] = [product, w];
  }
  return { diagonal, offDiagonal };
}

/**
 * Computes the eigenvalues of a symmetric tridiagonal matrix, largest first, by the implicit QL algorithm.
 *
 * Errors are of the order of rounding times the largest eigenvalue, so eigenvalues much smaller than that are noise.
 */
export function tridiagonalEigenvalues({ diagonal, offDiagonal }: Tridiagonal): Float64Array {
  const size = diagonal.length;
  const d = Float64Array.from(diagonal);
  const e = new Float64Array(size);
  e.set(offDiagonal);
  for (let low = 0; low < size; low++) {
    for (let iteration = 0; ; iteration++) {
      let split = low;
      while (split < size - 1 && Math.abs(e[split]!) > Number.EPSILON * (Math.abs(d[split]!) + Math.abs(d[split + 1]!))) split++;
      if (split === low) break;
      if (iteration === 100) throw new Error('internal: tridiagonalEigenvalues did not converge in 100 iterations.');
      sweep(d, e, low, split);
    }
  }
  return d.sort().reverse();
}

/** A <- H A H with the reflection H that takes f to the first axis. */
function turnToFirst(matrix: Float64Array, size: number, first: Float64Array): void {
  const norm = Math.sqrt(first.reduce((sum, x) => sum + x * x, 0));
  if (!(norm > 0)) return;
  const v = first.map((x) => x / norm);
  v[0]! += v[0]! < 0 ? -1 : 1;
  const scale = 2 / v.reduce((sum, x) => sum + x * x, 0);
  const [none, product] = [new Float64Array(size), new Float64Array(size)];
  updateAndMultiply(matrix, size, 0, { v: none, w: none, x: v, product });
  let overlap = 0;
  for (let i = 0; i < size; i++) overlap += product[i]! * v[i]!;
  const shift = (scale * scale * overlap) / 2;
  for (let i = 0; i < size; i++) product[i] = scale * product[i]! - shift * v[i]!;
  updateAndMultiply(matrix, size, 0, { v, w: product, x: none, product: new Float64Array(size) });
}

/** Fills v[k + 1 ..] with the reflection I - scale v v' that takes column k below the diagonal to image times the first axis. */
function reflector(matrix: Float64Array, size: number, k: number, v: Float64Array): { scale: number; image: number } {
  let squares = 0;
  for (let i = k + 1; i < size; i++) {
    v[i] = matrix[i * size + k]!;
    squares += v[i]! ** 2;
  }
  const head = v[k + 1]!;
  const norm = Math.sqrt(squares);
  if (norm === 0) return { scale: 0, image: 0 };
  const image = head > 0 ? -norm : norm;
  v[k + 1] = head - image;
  return { scale: 1 / (norm * (norm + Math.abs(head))), image };
}

/** On the lower triangle from row and column `start`: A -= v w' + w v'; then product = A x. One pass over A, two rows at a time. */
function updateAndMultiply(
  matrix: Float64Array, size: number, start: number, { v, w, x, product }: { v: Float64Array; w: Float64Array; x: Float64Array; product: Float64Array },
): void {
  product.fill(0, start);
  let i = start;
  if ((size - start) % 2 === 1) {
    matrix[i * size + i]! -= 2 * v[i]! * w[i]!;
    product[i] = matrix[i * size + i]! * x[i]!;
    i++;
  }
  for (; i < size; i += 2) {
    const [row, below] = [i * size, (i + 1) * size];
    const [v0, w0, x0, v1, w1, x1] = [v[i]!, w[i]!, x[i]!, v[i + 1]!, w[i + 1]!, x[i + 1]!];
    let [sum0, sum1] = [0, 0];
    for (let j = start; j < i; j++) {
      const [vj, wj, xj] = [v[j]!, w[j]!, x[j]!];
      const a0 = matrix[row + j]! - v0 * wj - w0 * vj;
      const a1 = matrix[below + j]! - v1 * wj - w1 * vj;
      matrix[row + j] = a0;
      matrix[below + j] = a1;
      sum0 += a0 * xj;
      sum1 += a1 * xj;
      product[j]! += a0 * x0 + a1 * x1;
    }
    const own = (matrix[row + i]! -= 2 * v0 * w0);
    const corner = (matrix[below + i]! -= v1 * w0 + w1 * v0);
    const last = (matrix[below + i + 1]! -= 2 * v1 * w1);
    product[i]! += sum0 + own * x0 + corner * x1;
    product[i + 1]! += sum1 + corner * x0 + last * x1;
  }
}

/** One implicit QL step with Wilkinson's shift on the unreduced block low..high. */
function sweep(d: Float64Array, e: Float64Array, low: number, high: number): void {
  const gap = (d[low + 1]! - d[low]!) / (2 * e[low]!);
  const root = Math.hypot(gap, 1);
  let g = d[high]! - d[low]! + e[low]! / (gap + (gap < 0 ? -root : root));
  let [s, c, p] = [1, 1, 0];
  for (let i = high - 1; i >= low; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1]! -= p;
      e[high] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1]! - p;
    const t = (d[i]! - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
  }
  d[low]! -= p;
  e[low] = g;
  e[high] = 0;
}
