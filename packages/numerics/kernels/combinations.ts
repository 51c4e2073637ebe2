// Linear combinations of rows, in float64. Addresses and strides are in bytes; the caller owns the memory.

/** y += factor x. */
// @ts-ignore: decorator
@inline
export function addScaled(y: usize, factor: f64, x: usize, length: i32): void {
  const f = f64x2.splat(factor);
  const end = <usize>(length >> 1) << 4;
  for (let o: usize = 0; o < end; o += 16) v128.store(y + o, f64x2.add(v128.load(y + o), f64x2.mul(f, v128.load(x + o))));
  if (length & 1) store<f64>(y + end, load<f64>(y + end) + factor * load<f64>(x + end));
}

/** y += f0 x0 + f1 x1 + f2 x2 + f3 x3, added in this order. */
// @ts-ignore: decorator
@inline
function addFour(y: usize, factors: usize, x: usize, stride: usize, length: i32): void {
  const f0 = v128.load64_splat(factors), f1 = v128.load64_splat(factors, 8), f2 = v128.load64_splat(factors, 16), f3 = v128.load64_splat(factors, 24);
  const x1 = x + stride, x2 = x1 + stride, x3 = x2 + stride;
  const end = <usize>(length >> 1) << 4;
  for (let o: usize = 0; o < end; o += 16) {
    let sum = f64x2.add(v128.load(y + o), f64x2.mul(f0, v128.load(x + o)));
    sum = f64x2.add(sum, f64x2.mul(f1, v128.load(x1 + o)));
    sum = f64x2.add(sum, f64x2.mul(f2, v128.load(x2 + o)));
    v128.store(y + o, f64x2.add(sum, f64x2.mul(f3, v128.load(x3 + o))));
  }
  if (length & 1) {
    let last = load<f64>(y + end) + load<f64>(factors) * load<f64>(x + end);
    last += load<f64>(factors, 8) * load<f64>(x1 + end);
    last += load<f64>(factors, 16) * load<f64>(x2 + end);
    store<f64>(y + end, last + load<f64>(factors, 24) * load<f64>(x3 + end));
  }
}

/** Columns handled at once, so that a block of the rows stays in the cache. */
const columnBlock: i32 = 512;

/** out += C X: row i of out receives the combination of the rows of X with the coefficients in row i of C. */
export function addCombinations(
  out: usize, outStride: usize, outCount: i32, coefficients: usize, coefficientStride: usize, x: usize, xStride: usize, xCount: i32, length: i32,
): void {
  for (let start = 0; start < length; start += columnBlock) {
    const size = min(columnBlock, length - start);
    const offset = <usize>start << 3;
    for (let i = 0; i < outCount; i++) {
      const y = out + <usize>i * outStride + offset;
      const c = coefficients + <usize>i * coefficientStride;
      let k = 0;
      for (; k + 4 <= xCount; k += 4) addFour(y, c + (<usize>k << 3), x + <usize>k * xStride + offset, xStride, size);
      for (; k < xCount; k++) addScaled(y, load<f64>(c + (<usize>k << 3)), x + <usize>k * xStride + offset, size);
    }
  }
}
