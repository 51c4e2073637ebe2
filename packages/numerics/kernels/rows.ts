// Element-wise work on rows. Addresses are in bytes; the caller owns the memory.

/** y = x, from float32 to float64. */
export function promote(y: usize, x: usize, length: i32): void {
  const whole = <usize>(length >> 1) << 3;
  for (let o: usize = 0; o < whole; o += 8) v128.store(y + (o << 1), f64x2.promote_low_f32x4(v128.load64_zero(x + o)));
  if (length & 1) store<f64>(y + (whole << 1), <f64>load<f32>(x + whole));
}

/** y *= factor. */
export function scale(y: usize, factor: f64, length: i32): void {
  const f = f64x2.splat(factor);
  const whole = <usize>(length >> 1) << 4;
  for (let o: usize = 0; o < whole; o += 16) v128.store(y + o, f64x2.mul(v128.load(y + o), f));
  if (length & 1) store<f64>(y + whole, load<f64>(y + whole) * factor);
}
