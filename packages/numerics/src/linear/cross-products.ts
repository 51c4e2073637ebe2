import { kernels } from '../kernels/kernels.js';

/** Rows and columns of the blocks that are copied into the kernels' memory: two blocks and their product fit the second cache. */
const [rowBlock, columnBlock] = [96, 256];

/**
 * Computes the inner products of the rows of two matrices: A B'.
 *
 * @param a  A, shape (aCount, length), row-major.
 * @param b  B, shape (bCount, length), row-major.
 * @returns shape (aCount, bCount), row-major.
 */
export function crossProducts(a: Float64Array, aCount: number, b: Float64Array, bCount: number, length: number): Float64Array {
  const products = new Float64Array(aCount * bCount);
  addProducts(a, aCount, b, bCount, length, products, { isLowerOnly: false });
  return products;
}

/**
 * Computes the Gram matrix of the rows of a matrix: G = A A'.
 *
 * @param rows  A, shape (count, length), row-major.
 * @returns G, shape (count, count), row-major, exactly symmetric.
 */
export function gramOfRows(rows: Float64Array, count: number, length: number): Float64Array {
  const gram = new Float64Array(count * count);
  addProducts(rows, count, rows, count, length, gram, { isLowerOnly: true });
  for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) gram[j * count + i] = gram[i * count + j]!;
  return gram;
}

/** out += A B' in blocks, so that the kernels need little memory; of a Gram matrix only the blocks on and below the diagonal. */
function addProducts(
  a: Float64Array, aCount: number, b: Float64Array, bCount: number, length: number, out: Float64Array, { isLowerOnly }: { isLowerOnly: boolean },
): void {
  const { functions } = kernels();
  kernels().borrow((allocate) => {
    const [x, y, product] = [allocate(rowBlock * columnBlock), allocate(rowBlock * columnBlock), allocate(rowBlock * rowBlock)];
    for (let i = 0; i < aCount; i += rowBlock) {
      const iSize = Math.min(rowBlock, aCount - i);
      for (let start = 0; start < length; start += columnBlock) {
        const size = Math.min(columnBlock, length - start);
        copyBlock(x, a, { row: i, rows: iSize, length, start, size });
        for (let j = 0; j < (isLowerOnly ? i + iSize : bCount); j += rowBlock) {
          const jSize = Math.min(rowBlock, bCount - j);
          const isSame = a === b && i === j;
          if (!isSame) copyBlock(y, b, { row: j, rows: jSize, length, start, size });
          product.fill(0, 0, iSize * jSize);
          functions.crossProducts(x.byteOffset, 8 * size, iSize, (isSame ? x : y).byteOffset, 8 * size, jSize, size, product.byteOffset, 8 * jSize, Number(isLowerOnly && isSame));
          for (let r = 0; r < iSize; r++) for (let c = 0; c < jSize; c++) out[(i + r) * bCount + j + c]! += product[r * jSize + c]!;
        }
      }
    }
  });
}

function copyBlock(target: Float64Array, rows: Float64Array, block: { row: number; rows: number; length: number; start: number; size: number }): void {
  for (let r = 0; r < block.rows; r++) {
    const from = (block.row + r) * block.length + block.start;
    target.set(rows.subarray(from, from + block.size), r * block.size);
  }
}
