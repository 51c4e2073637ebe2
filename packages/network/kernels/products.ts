// Products of matrices without gaps, with operands as they are or transposed. Addresses are in bytes.
import { multiplyAllPanels, multiplyByPanel, packColumns, packRows } from './panels';

/** Rows of the factors that are summed over at a time in a' b; their panels of 8 columns fill 16 KiB. */
const blockRows: i32 = 512;

/** out (m, n) = a b, with b (k, n), or b (n, k) transposed. Scratch holds one panel of 8 k values, and 32 more. */
export function multiply(a: usize, b: usize, m: i32, k: i32, n: i32, isTransposed: bool, out: usize, scratch: usize): void {
  const edge = scratch + (<usize>k << 5);
  const outStride = <usize>n << 2, aStride = <usize>k << 2;
  for (let j = 0; j < n; j += 8) {
    const columns = min(8, n - j);
    if (isTransposed) packRows(b + <usize>j * aStride, aStride, columns, k, scratch);
    else packColumns(b + (<usize>j << 2), outStride, k, columns, 8, scratch);
    multiplyByPanel(a, aStride, m, scratch, k, columns, out + (<usize>j << 2), outStride, false, edge);
  }
}

/** out (m, n) = a' b with a (k, m) and b (k, n). Scratch holds min(k, 512) (n + 7 + 4) values, and 32 more. */
export function multiplyTransposed(a: usize, b: usize, k: i32, m: i32, n: i32, out: usize, scratch: usize): void {
  const panels = (n + 7) >> 3;
  const largest = min(k, blockRows);
  const edge = scratch + (<usize>largest * <usize>(8 * panels + 4) << 2);
  const aStride = <usize>m << 2, bStride = <usize>n << 2;
  for (let start = 0; start < k; start += blockRows) {
    const rows = min(blockRows, k - start);
    const aPanel = scratch + (<usize>(rows * 8 * panels) << 2);
    for (let j = 0; j < n; j += 8) packColumns(b + <usize>start * bStride + (<usize>j << 2), bStride, rows, min(8, n - j), 8, scratch + (<usize>(rows * j) << 2));
    for (let i = 0; i < m; i += 4) {
      packColumns(a + <usize>start * aStride + (<usize>i << 2), aStride, rows, min(4, m - i), 4, aPanel);
      multiplyAllPanels(aPanel, min(4, m - i), scratch, n, rows, out + <usize>i * bStride, bStride, start > 0, edge);
    }
  }
}
