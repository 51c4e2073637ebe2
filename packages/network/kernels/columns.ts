// Sums over the rows of a matrix (rows, columns) and combinations of its columns: all that batch normalization needs.
// Addresses are in bytes; x, y, center, a, b, c and out hold float32, sums float64.

/** Rows summed in float32 before the sum goes on in float64, so that long columns stay exact to about 1e-7. */
const blockRows: i32 = 128;

/** sumY[c] = sum_r y[r, c]; sumProduct[c] = sum_r (x[r, c] - center[c]) y[r, c]. */
export function sumColumns(x: usize, y: usize, center: usize, rows: i32, columns: i32, sumY: usize, sumProduct: usize): void {
  const stride = <usize>columns << 2;
  const wide = columns & ~3;
  for (let c = 0; c < columns; c++) {
    store<f64>(sumY + (c << 3), 0);
    store<f64>(sumProduct + (c << 3), 0);
  }
  for (let start = 0; start < rows; start += blockRows) {
    const end = min(start + blockRows, rows);
    for (let c = 0; c < wide; c += 4) {
      const middle = v128.load(center + (c << 2));
      let partY = f32x4.splat(0);
      let partProduct = f32x4.splat(0);
      let at = <usize>start * stride + (c << 2);
      for (let r = start; r < end; r++) {
        const value = v128.load(y + at);
        partY = f32x4.add(partY, value);
        partProduct = f32x4.add(partProduct, f32x4.mul(f32x4.sub(v128.load(x + at), middle), value));
        at += stride;
      }
      addLow(sumY + (c << 3), partY);
      addLow(sumY + (c << 3) + 16, v128.shuffle<f32>(partY, partY, 2, 3, 0, 1));
      addLow(sumProduct + (c << 3), partProduct);
      addLow(sumProduct + (c << 3) + 16, v128.shuffle<f32>(partProduct, partProduct, 2, 3, 0, 1));
    }
    for (let c = wide; c < columns; c++) {
      const middle = load<f32>(center + (c << 2));
      let partY: f32 = 0;
      let partProduct: f32 = 0;
      for (let r = start; r < end; r++) {
        const at = <usize>r * stride + (c << 2);
        const value = load<f32>(y + at);
        partY += value;
        partProduct += (load<f32>(x + at) - middle) * value;
      }
      store<f64>(sumY + (c << 3), load<f64>(sumY + (c << 3)) + <f64>partY);
      store<f64>(sumProduct + (c << 3), load<f64>(sumProduct + (c << 3)) + <f64>partProduct);
    }
  }
}

/** sums[c] = sum_r x[r, c]; sums holds float32, wideSums float64 for as many columns, for the use of this function. */
export function sumRows(x: usize, rows: i32, columns: i32, wideSums: usize, sums: usize): void {
  const stride = <usize>columns << 2;
  const wide = columns & ~3;
  memory.fill(wideSums, 0, <usize>columns << 3);
  for (let start = 0; start < rows; start += blockRows) {
    const end = min(start + blockRows, rows);
    for (let c = 0; c < wide; c += 4) {
      let part = f32x4.splat(0);
      let at = x + <usize>start * stride + (c << 2);
      for (let r = start; r < end; r++) {
        part = f32x4.add(part, v128.load(at));
        at += stride;
      }
      addLow(wideSums + (c << 3), part);
      addLow(wideSums + (c << 3) + 16, v128.shuffle<f32>(part, part, 2, 3, 0, 1));
    }
    for (let c = wide; c < columns; c++) {
      let part: f32 = 0;
      for (let r = start; r < end; r++) part += load<f32>(x + <usize>r * stride + (c << 2));
      store<f64>(wideSums + (c << 3), load<f64>(wideSums + (c << 3)) + <f64>part);
    }
  }
  for (let c = 0; c < columns; c++) store<f32>(sums + (c << 2), <f32>load<f64>(wideSums + (c << 3)));
}

/** Adds the lower two lanes to two float64 numbers. */
// @ts-ignore: decorator
@inline
function addLow(sums: usize, lanes: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(lanes)));
}

/** out = a[c] y + b[c] (x - center[c]) + offset[c]. */
export function combineColumns(
  x: usize, y: usize, center: usize, a: usize, b: usize, offset: usize, rows: i32, columns: i32, out: usize,
): void {
  const wide = columns & ~3;
  let at: usize = 0;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < wide; c += 4) {
      const column = <usize>c << 2;
      const moved = f32x4.mul(v128.load(b + column), f32x4.sub(v128.load(x + at), v128.load(center + column)));
      v128.store(out + at, f32x4.add(f32x4.add(f32x4.mul(v128.load(a + column), v128.load(y + at)), moved), v128.load(offset + column)));
      at += 16;
    }
    for (let c = wide; c < columns; c++) {
      const column = <usize>c << 2;
      store<f32>(out + at, load<f32>(a + column) * load<f32>(y + at) + load<f32>(b + column) * (load<f32>(x + at) - load<f32>(center + column)) + load<f32>(offset + column));
      at += 4;
    }
  }
}
