// Inner products of rows, in float64. Addresses and strides are in bytes; the caller owns the memory.
// Every product sums even and odd elements apart and then adds both, so that it does not depend on the tile it is computed in.

/** Sum of both lanes and of what is left of an odd length. */
// @ts-ignore: decorator
@inline
function finish(sum: v128, a: usize, b: usize, length: i32): f64 {
  let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  if (length & 1) total += load<f64>(a + (<usize>(length - 1) << 3)) * load<f64>(b + (<usize>(length - 1) << 3));
  return total;
}

/** Inner product of two vectors. */
export function innerProduct(a: usize, b: usize, length: i32): f64 {
  let sum = f64x2.splat(0);
  const end = <usize>(length >> 1) << 4;
  for (let o: usize = 0; o < end; o += 16) sum = f64x2.add(sum, f64x2.mul(v128.load(a + o), v128.load(b + o)));
  return finish(sum, a, b, length);
}

/** out[i, j] += a_i . b_j for 3 rows of a and 4 rows of b, held in registers. */
// @ts-ignore: decorator
@inline
function tile3x4(a: usize, aStride: usize, b: usize, bStride: usize, length: i32, out: usize, outStride: usize): void {
  const a1 = a + aStride, a2 = a1 + aStride;
  const b1 = b + bStride, b2 = b1 + bStride, b3 = b2 + bStride;
  let s00 = f64x2.splat(0), s01 = s00, s02 = s00, s03 = s00;
  let s10 = s00, s11 = s00, s12 = s00, s13 = s00;
  let s20 = s00, s21 = s00, s22 = s00, s23 = s00;
  const end = <usize>(length >> 1) << 4;
  for (let o: usize = 0; o < end; o += 16) {
    const x0 = v128.load(a + o), x1 = v128.load(a1 + o), x2 = v128.load(a2 + o);
    let y = v128.load(b + o);
    s00 = f64x2.add(s00, f64x2.mul(x0, y));
    s10 = f64x2.add(s10, f64x2.mul(x1, y));
    s20 = f64x2.add(s20, f64x2.mul(x2, y));
    y = v128.load(b1 + o);
    s01 = f64x2.add(s01, f64x2.mul(x0, y));
    s11 = f64x2.add(s11, f64x2.mul(x1, y));
    s21 = f64x2.add(s21, f64x2.mul(x2, y));
    y = v128.load(b2 + o);
    s02 = f64x2.add(s02, f64x2.mul(x0, y));
    s12 = f64x2.add(s12, f64x2.mul(x1, y));
    s22 = f64x2.add(s22, f64x2.mul(x2, y));
    y = v128.load(b3 + o);
    s03 = f64x2.add(s03, f64x2.mul(x0, y));
    s13 = f64x2.add(s13, f64x2.mul(x1, y));
    s23 = f64x2.add(s23, f64x2.mul(x2, y));
  }
  const out1 = out + outStride, out2 = out1 + outStride;
  store<f64>(out, load<f64>(out) + finish(s00, a, b, length));
  store<f64>(out, load<f64>(out, 8) + finish(s01, a, b1, length), 8);
  store<f64>(out, load<f64>(out, 16) + finish(s02, a, b2, length), 16);
  store<f64>(out, load<f64>(out, 24) + finish(s03, a, b3, length), 24);
  store<f64>(out1, load<f64>(out1) + finish(s10, a1, b, length));
  store<f64>(out1, load<f64>(out1, 8) + finish(s11, a1, b1, length), 8);
  store<f64>(out1, load<f64>(out1, 16) + finish(s12, a1, b2, length), 16);
  store<f64>(out1, load<f64>(out1, 24) + finish(s13, a1, b3, length), 24);
  store<f64>(out2, load<f64>(out2) + finish(s20, a2, b, length));
  store<f64>(out2, load<f64>(out2, 8) + finish(s21, a2, b1, length), 8);
  store<f64>(out2, load<f64>(out2, 16) + finish(s22, a2, b2, length), 16);
  store<f64>(out2, load<f64>(out2, 24) + finish(s23, a2, b3, length), 24);
}

/** out[j] += a . b_j for one row of a and 4 rows of b. */
// @ts-ignore: decorator
@inline
function tile1x4(a: usize, b: usize, bStride: usize, length: i32, out: usize): void {
  const b1 = b + bStride, b2 = b1 + bStride, b3 = b2 + bStride;
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
  const end = <usize>(length >> 1) << 4;
  for (let o: usize = 0; o < end; o += 16) {
    const x = v128.load(a + o);
    s0 = f64x2.add(s0, f64x2.mul(x, v128.load(b + o)));
    s1 = f64x2.add(s1, f64x2.mul(x, v128.load(b1 + o)));
    s2 = f64x2.add(s2, f64x2.mul(x, v128.load(b2 + o)));
    s3 = f64x2.add(s3, f64x2.mul(x, v128.load(b3 + o)));
  }
  store<f64>(out, load<f64>(out) + finish(s0, a, b, length));
  store<f64>(out, load<f64>(out, 8) + finish(s1, a, b1, length), 8);
  store<f64>(out, load<f64>(out, 16) + finish(s2, a, b2, length), 16);
  store<f64>(out, load<f64>(out, 24) + finish(s3, a, b3, length), 24);
}

/**
 * out += A B'. A has aCount rows, B bCount, all of one length.
 *
 * @param isLower  If not 0, what lies above the diagonal may be left out.
 */
export function crossProducts(
  a: usize, aStride: usize, aCount: i32, b: usize, bStride: usize, bCount: i32, length: i32, out: usize, outStride: usize, isLower: i32,
): void {
  let i = 0;
  while (i < aCount) {
    const rows = i + 3 <= aCount ? 3 : 1;
    const last = isLower ? min(bCount, i + rows) : bCount;
    const ai = a + <usize>i * aStride;
    const oi = out + <usize>i * outStride;
    let j = 0;
    for (; j < last && j + 4 <= bCount; j += 4) {
      const bj = b + <usize>j * bStride, oj = oi + (<usize>j << 3);
      if (rows == 3) tile3x4(ai, aStride, bj, bStride, length, oj, outStride);
      else tile1x4(ai, bj, bStride, length, oj);
    }
    for (; j < last; j++) {
      for (let k = 0; k < rows; k++) {
        const o = oi + <usize>k * outStride + (<usize>j << 3);
        store<f64>(o, load<f64>(o) + innerProduct(ai + <usize>k * aStride, b + <usize>j * bStride, length));
      }
    }
    i += rows;
  }
}
