/** A symmetric matrix over examples, with what its products with others need, in blocks of examples and parts of blocks. */
export type GroupedMatrix = {
  /** Shape (count, count). */
  readonly values: Float64Array | Float32Array;
  readonly count: number;
  /** Whether the diagonal counts. */
  readonly hasDiagonal: boolean;
  /** The examples start..end of each block; only pairs inside a block count. */
  readonly blocks: readonly (readonly [start: number, end: number])[];
  /** Example i belongs to group i mod groupCount. */
  readonly groupCount: number;
  /** Sum of each row over the members of each group in its block, shape (count, groups). */
  readonly rowSums: Float64Array;
};

/** Sums over the pairs of a block, of two matrices A and B. */
export type PairSums = {
  /** Examples in the block, m. */
  readonly count: number;
  /** Sum of A_ij B_ij. */
  readonly products: number;
  /** Sum over i of the products of row sums. */
  readonly rowProducts: number;
  readonly sumA: number;
  readonly sumB: number;
};

/** Sums a matrix by rows and groups, once for all its comparisons. */
export function groupMatrix(
  values: Float64Array | Float32Array, count: number,
  { blockCount, groupCount, hasDiagonal }: { blockCount: number; groupCount: number; hasDiagonal: boolean },
): GroupedMatrix {
  const blocks = Array.from({ length: blockCount }, (_, b): [number, number] => [Math.floor((b * count) / blockCount), Math.floor(((b + 1) * count) / blockCount)]);
  const rowSums = new Float64Array(count * groupCount);
  for (const [start, end] of blocks) {
    for (let i = start; i < end; i++) {
      for (let j = start; j < end; j++) if (hasDiagonal || j !== i) rowSums[i * groupCount + (j % groupCount)]! += values[i * count + j]!;
    }
  }
  return { values, count, hasDiagonal, blocks, groupCount, rowSums };
}

/**
 * Sums over pairs, of all examples and without each group of them.
 *
 * @param a, b  Matrices over the same examples, grouped alike.
 * @returns first of all examples, then without group 0, 1, ...; each a list over blocks.
 */
export function pairSums(a: GroupedMatrix, b: GroupedMatrix): PairSums[][] {
  const { count, blocks, groupCount, hasDiagonal } = a;
  const sums: PairSums[][] = Array.from({ length: groupCount + 1 }, () => []);
  for (const [start, end] of blocks) {
    // By the groups of both members of a pair.
    const products = new Float64Array(groupCount * groupCount);
    for (let i = start; i < end; i++) {
      const row = (i % groupCount) * groupCount;
      for (let j = start, group = start % groupCount; j < end; j++) {
        if (j !== i || hasDiagonal) products[row + group]! += a.values[i * count + j]! * b.values[i * count + j]!;
        if (++group === groupCount) group = 0;
      }
    }
    for (let left = -1; left < groupCount; left++) {
      let [size, product, rowProducts, sumA, sumB] = [0, 0, 0, 0, 0];
      for (let g = 0; g < groupCount; g++) for (let h = 0; h < groupCount; h++) if (g !== left && h !== left) product += products[g * groupCount + h]!;
      for (let i = start; i < end; i++) {
        if (i % groupCount === left) continue;
        let [rowA, rowB] = [0, 0];
        for (let g = 0; g < groupCount; g++) {
          if (g === left) continue;
          rowA += a.rowSums[i * groupCount + g]!;
          rowB += b.rowSums[i * groupCount + g]!;
        }
        size++;
        rowProducts += rowA * rowB;
        sumA += rowA;
        sumB += rowB;
      }
      sums[left + 1]!.push({ count: size, products: product, rowProducts, sumA, sumB });
    }
  }
  return sums;
}
