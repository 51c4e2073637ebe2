// Matrix products by tiles of 4 x 8 that stay in registers. A panel is what one tile reads, row after row without gaps:
// (k, 8) of the right factor, zeros beyond its last column, or (k, 4) of a left factor that is transposed.
// Addresses and strides are in bytes; an `edge` is 128 bytes for tiles that reach beyond the result.

/** out (4, 8) = or += a b for 4 rows of a and a panel of b. */
// @ts-ignore: decorator
@inline
function multiplyTile(a: usize, a1: usize, a2: usize, a3: usize, panel: usize, k: i32, out: usize, outStride: usize, isAdded: bool): void {
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  // Unrolled, this loop would hold more values than there are registers.
  for (let i = k; i > 0; i--) {
    const b0 = v128.load(panel), b1 = v128.load(panel, 16);
    let x = v128.load32_splat(a); s00 = f32x4.add(s00, f32x4.mul(x, b0)); s01 = f32x4.add(s01, f32x4.mul(x, b1));
    x = v128.load32_splat(a1); s10 = f32x4.add(s10, f32x4.mul(x, b0)); s11 = f32x4.add(s11, f32x4.mul(x, b1));
    x = v128.load32_splat(a2); s20 = f32x4.add(s20, f32x4.mul(x, b0)); s21 = f32x4.add(s21, f32x4.mul(x, b1));
    x = v128.load32_splat(a3); s30 = f32x4.add(s30, f32x4.mul(x, b0)); s31 = f32x4.add(s31, f32x4.mul(x, b1));
    a += 4; a1 += 4; a2 += 4; a3 += 4;
    panel += 32;
  }
  storeTile(out, outStride, s00, s01, s10, s11, s20, s21, s30, s31, isAdded);
}

/** out (4, 8) = or += a' b for panels of a and b of k rows. */
// @ts-ignore: decorator
@inline
function multiplyPanels(a: usize, b: usize, k: i32, out: usize, outStride: usize, isAdded: bool): void {
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  for (let i = k; i > 0; i--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a); s00 = f32x4.add(s00, f32x4.mul(x, b0)); s01 = f32x4.add(s01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4); s10 = f32x4.add(s10, f32x4.mul(x, b0)); s11 = f32x4.add(s11, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 8); s20 = f32x4.add(s20, f32x4.mul(x, b0)); s21 = f32x4.add(s21, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 12); s30 = f32x4.add(s30, f32x4.mul(x, b0)); s31 = f32x4.add(s31, f32x4.mul(x, b1));
    a += 16;
    b += 32;
  }
  storeTile(out, outStride, s00, s01, s10, s11, s20, s21, s30, s31, isAdded);
}

// @ts-ignore: decorator
@inline
function storeTile(out: usize, stride: usize, s00: v128, s01: v128, s10: v128, s11: v128, s20: v128, s21: v128, s30: v128, s31: v128, isAdded: bool): void {
  const out1 = out + stride, out2 = out1 + stride, out3 = out2 + stride;
  if (isAdded) {
    s00 = f32x4.add(v128.load(out), s00); s01 = f32x4.add(v128.load(out, 16), s01);
    s10 = f32x4.add(v128.load(out1), s10); s11 = f32x4.add(v128.load(out1, 16), s11);
    s20 = f32x4.add(v128.load(out2), s20); s21 = f32x4.add(v128.load(out2, 16), s21);
    s30 = f32x4.add(v128.load(out3), s30); s31 = f32x4.add(v128.load(out3, 16), s31);
  }
  v128.store(out, s00); v128.store(out, s01, 16);
  v128.store(out1, s10); v128.store(out1, s11, 16);
  v128.store(out2, s20); v128.store(out2, s21, 16);
  v128.store(out3, s30); v128.store(out3, s31, 16);
}

/** Writes or adds the first rows and columns of a tile to out. */
function placeEdge(edge: usize, out: usize, outStride: usize, rows: i32, columns: i32, isAdded: bool): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const at = out + <usize>r * outStride + (<usize>c << 2);
      const value = load<f32>(edge + (<usize>(8 * r + c) << 2));
      store<f32>(at, isAdded ? load<f32>(at) + value : value);
    }
  }
}

/** out (rows, columns) = or += a b for at most 8 columns, from the panel of b. */
export function multiplyByPanel(
  a: usize, aStride: usize, rows: i32, panel: usize, k: i32, columns: i32, out: usize, outStride: usize, isAdded: bool, edge: usize,
): void {
  let r = 0;
  if (columns == 8) {
    for (; r + 4 <= rows; r += 4) {
      multiplyTile(a, a + aStride, a + 2 * aStride, a + 3 * aStride, panel, k, out, outStride, isAdded);
      a += 4 * aStride;
      out += 4 * outStride;
    }
  }
  for (; r < rows; r += 4) {
    const count = min(4, rows - r);
    multiplyTile(a, a + <usize>min(1, count - 1) * aStride, a + <usize>min(2, count - 1) * aStride, a + <usize>(count - 1) * aStride, panel, k, edge, 32, false);
    placeEdge(edge, out, outStride, count, columns, isAdded);
    a += 4 * aStride;
    out += 4 * outStride;
  }
}

/** out (aCount, bCount) = or += a' b, for whole panels of a and b that follow one another. */
export function multiplyAllPanels(a: usize, aCount: i32, b: usize, bCount: i32, k: i32, out: usize, outStride: usize, isAdded: bool, edge: usize): void {
  for (let i = 0; i < aCount; i += 4) {
    let panel = b;
    for (let j = 0; j < bCount; j += 8) {
      const at = out + (<usize>j << 2);
      if (i + 4 <= aCount && j + 8 <= bCount) multiplyPanels(a, panel, k, at, outStride, isAdded);
      else {
        multiplyPanels(a, panel, k, edge, 32, false);
        placeEdge(edge, at, outStride, min(4, aCount - i), min(8, bCount - j), isAdded);
      }
      panel += <usize>k << 5;
    }
    a += <usize>k << 4;
    out += 4 * outStride;
  }
}

/** Copies columns of a matrix to a panel of 4 or 8 columns. */
export function packColumns(from: usize, stride: usize, rows: i32, columns: i32, width: i32, panel: usize): void {
  const step = <usize>width << 2;
  if (columns == width) {
    for (let r = 0; r < rows; r++) {
      v128.store(panel, v128.load(from));
      if (width == 8) v128.store(panel, v128.load(from, 16), 16);
      from += stride;
      panel += step;
    }
    return;
  }
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < width; c++) store<f32>(panel + (<usize>c << 2), c < columns ? load<f32>(from + (<usize>c << 2)) : 0);
    from += stride;
    panel += step;
  }
}

/** Copies at most 8 rows of a matrix to a panel, as its columns. */
export function packRows(from: usize, stride: usize, rows: i32, k: i32, panel: usize): void {
  let start = 0;
  if (rows == 8) {
    start = k & ~3;
    for (let half: usize = 0; half < 2; half++) {
      const row = from + 4 * half * stride;
      const to = panel + (half << 4);
      for (let i = 0; i < start; i += 4) transpose4x4(row + (<usize>i << 2), stride, to + (<usize>i << 5), 32);
    }
  }
  for (let i = start; i < k; i++) {
    for (let r = 0; r < 8; r++) store<f32>(panel + (<usize>(8 * i + r) << 2), r < rows ? load<f32>(from + <usize>r * stride + (<usize>i << 2)) : 0);
  }
}

// @ts-ignore: decorator
@inline
function transpose4x4(from: usize, stride: usize, to: usize, toStride: usize): void {
  const r0 = v128.load(from), r1 = v128.load(from + stride), r2 = v128.load(from + 2 * stride), r3 = v128.load(from + 3 * stride);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2));
  v128.store(to + toStride, v128.shuffle<f64>(low01, low23, 1, 3));
  v128.store(to + 2 * toStride, v128.shuffle<f64>(high01, high23, 0, 2));
  v128.store(to + 3 * toStride, v128.shuffle<f64>(high01, high23, 1, 3));
}

/** Rows and columns of the blocks by which a matrix is transposed, so that lines of the cache are used whole. */
const blockSize: i32 = 16;

/** to (columns, rows) = from', both without gaps. */
export function transposeMatrix(from: usize, rows: i32, columns: i32, to: usize): void {
  const stride = <usize>columns << 2, toStride = <usize>rows << 2;
  const wideRows = rows & ~3, wideColumns = columns & ~3;
  for (let startRow = 0; startRow < wideRows; startRow += blockSize) {
    const endRow = min(startRow + blockSize, wideRows);
    for (let startColumn = 0; startColumn < wideColumns; startColumn += blockSize) {
      const endColumn = min(startColumn + blockSize, wideColumns);
      for (let r = startRow; r < endRow; r += 4) {
        for (let c = startColumn; c < endColumn; c += 4) transpose4x4(from + <usize>r * stride + (<usize>c << 2), stride, to + <usize>c * toStride + (<usize>r << 2), toStride);
      }
    }
  }
  for (let r = 0; r < rows; r++) {
    for (let c = r < wideRows ? wideColumns : 0; c < columns; c++) store<f32>(to + <usize>c * toStride + (<usize>r << 2), load<f32>(from + <usize>r * stride + (<usize>c << 2)));
  }
}
