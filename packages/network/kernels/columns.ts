// Sums over the rows of a matrix (rows, columns). Addresses are in bytes.

/** Rows summed in float32 before the sum goes on in float64, so that long columns stay exact to about 1e-7. */
const blockRows: i32 = 128;

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
