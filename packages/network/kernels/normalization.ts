// Batch normalization of a matrix (rows, columns): y = factor (x - center) + offset by columns, perhaps rectified, and its gradient.
// Addresses are in bytes. Vectors of a column hold float32, sums float64; parts is room for 2 columns float32.
// Four rows go together, so that what belongs to a column is read once for them.

/** Rows summed in float32 before the sum goes on in float64, so that long columns stay exact to about 1e-7. */
const blockRows: i32 = 128;

/** sums[c] = sum_r (x[r, c] - center[c]), squares[c] = sum_r (x[r, c] - center[c])^2. */
export function sumDeviations(x: usize, center: usize, rows: i32, columns: i32, sums: usize, squares: usize, parts: usize): void {
  const stride = <usize>columns << 2;
  const wide = stride & ~15;
  const squareParts = parts + stride;
  clear(sums, squares, parts, columns);
  for (let start = 0; start < rows; start += blockRows) {
    const end = min(start + blockRows, rows);
    let r = start;
    for (; r + 4 <= end; r += 4) {
      const x0 = x + <usize>r * stride, x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride;
      for (let c: usize = 0; c < wide; c += 16) {
        const middle = v128.load(center + c);
        const d0 = f32x4.sub(v128.load(x0 + c), middle), d1 = f32x4.sub(v128.load(x1 + c), middle);
        const d2 = f32x4.sub(v128.load(x2 + c), middle), d3 = f32x4.sub(v128.load(x3 + c), middle);
        v128.store(parts + c, f32x4.add(v128.load(parts + c), f32x4.add(f32x4.add(d0, d1), f32x4.add(d2, d3))));
        const square = f32x4.add(f32x4.add(f32x4.mul(d0, d0), f32x4.mul(d1, d1)), f32x4.add(f32x4.mul(d2, d2), f32x4.mul(d3, d3)));
        v128.store(squareParts + c, f32x4.add(v128.load(squareParts + c), square));
      }
    }
    for (let row = start; row < end; row++) {
      // Rows of a quartet have only their last columns left.
      for (let c = row < r ? wide : 0; c < stride; c += 4) {
        const d = load<f32>(x + <usize>row * stride + c) - load<f32>(center + c);
        store<f32>(parts + c, load<f32>(parts + c) + d);
        store<f32>(squareParts + c, load<f32>(squareParts + c) + d * d);
      }
    }
    carry(parts, squareParts, sums, squares, columns);
  }
}

// @ts-ignore: decorator
@inline
function clear(sums: usize, products: usize, parts: usize, columns: i32): void {
  memory.fill(sums, 0, <usize>columns << 3);
  memory.fill(products, 0, <usize>columns << 3);
  memory.fill(parts, 0, <usize>columns << 3);
}

/** Moves partial sums to the float64 ones. */
function carry(parts: usize, productParts: usize, sums: usize, products: usize, columns: i32): void {
  for (let c = 0; c < columns; c++) {
    const narrow = <usize>c << 2, wide = <usize>c << 3;
    store<f64>(sums + wide, load<f64>(sums + wide) + <f64>load<f32>(parts + narrow));
    store<f64>(products + wide, load<f64>(products + wide) + <f64>load<f32>(productParts + narrow));
    store<f32>(parts + narrow, 0);
    store<f32>(productParts + narrow, 0);
  }
}

/** out = factor (x - center) + offset, or 0 where that is negative. */
export function normalizeColumns(x: usize, center: usize, factor: usize, offset: usize, rows: i32, columns: i32, isRectified: bool, out: usize): void {
  if (isRectified) normalizeRows(x, center, factor, offset, rows, columns, true, out);
  else normalizeRows(x, center, factor, offset, rows, columns, false, out);
}

// @ts-ignore: decorator
@inline
function normalizeRows(x: usize, center: usize, factor: usize, offset: usize, rows: i32, columns: i32, isRectified: bool, out: usize): void {
  const stride = <usize>columns << 2;
  const wide = stride & ~15;
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    const x0 = x + <usize>r * stride, x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride;
    const y0 = out + <usize>r * stride, y1 = y0 + stride, y2 = y1 + stride, y3 = y2 + stride;
    for (let c: usize = 0; c < wide; c += 16) {
      const middle = v128.load(center + c), by = v128.load(factor + c), on = v128.load(offset + c);
      v128.store(y0 + c, normalized(v128.load(x0 + c), middle, by, on, isRectified));
      v128.store(y1 + c, normalized(v128.load(x1 + c), middle, by, on, isRectified));
      v128.store(y2 + c, normalized(v128.load(x2 + c), middle, by, on, isRectified));
      v128.store(y3 + c, normalized(v128.load(x3 + c), middle, by, on, isRectified));
    }
  }
  for (let row = 0; row < rows; row++) {
    for (let c = row < r ? wide : 0; c < stride; c += 4) {
      const at = <usize>row * stride + c;
      const y = load<f32>(factor + c) * (load<f32>(x + at) - load<f32>(center + c)) + load<f32>(offset + c);
      store<f32>(out + at, isRectified && y < 0 ? 0 : y);
    }
  }
}

// @ts-ignore: decorator
@inline
function normalized(x: v128, center: v128, factor: v128, offset: v128, isRectified: bool): v128 {
  const y = f32x4.add(f32x4.mul(factor, f32x4.sub(x, center)), offset);
  return isRectified ? v128.andnot(y, f32x4.lt(y, f32x4.splat(0))) : y;
}

/** The gradient that passes the rectifier. */
// @ts-ignore: decorator
@inline
function passed(dy: v128, x: v128, center: v128, factor: v128, offset: v128, isRectified: bool): v128 {
  return isRectified ? v128.andnot(dy, f32x4.le(f32x4.add(f32x4.mul(factor, f32x4.sub(x, center)), offset), f32x4.splat(0))) : dy;
}

// @ts-ignore: decorator
@inline
function passedOne(dy: f32, deviation: f32, factor: f32, offset: f32, isRectified: bool): f32 {
  return isRectified && factor * deviation + offset <= 0 ? 0 : dy;
}

/** With g what of dy passes the rectifier, if there is one: sums[c] = sum_r g[r, c], products[c] = sum_r (x[r, c] - center[c]) g[r, c]. */
export function sumGradients(
  x: usize, dy: usize, center: usize, factor: usize, offset: usize, rows: i32, columns: i32, isRectified: bool, sums: usize, products: usize, parts: usize,
): void {
  if (isRectified) sumPassed(x, dy, center, factor, offset, rows, columns, true, sums, products, parts);
  else sumPassed(x, dy, center, factor, offset, rows, columns, false, sums, products, parts);
}

// @ts-ignore: decorator
@inline
function sumPassed(
  x: usize, dy: usize, center: usize, factor: usize, offset: usize, rows: i32, columns: i32, isRectified: bool, sums: usize, products: usize, parts: usize,
): void {
  const stride = <usize>columns << 2;
  const wide = stride & ~15;
  const productParts = parts + stride;
  clear(sums, products, parts, columns);
  for (let start = 0; start < rows; start += blockRows) {
    const end = min(start + blockRows, rows);
    let r = start;
    for (; r + 4 <= end; r += 4) {
      const x0 = x + <usize>r * stride, x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride;
      const dy0 = dy + <usize>r * stride, dy1 = dy0 + stride, dy2 = dy1 + stride, dy3 = dy2 + stride;
      for (let c: usize = 0; c < wide; c += 16) {
        const middle = v128.load(center + c), by = v128.load(factor + c), on = v128.load(offset + c);
        let value = v128.load(x0 + c), g = passed(v128.load(dy0 + c), value, middle, by, on, isRectified);
        let sum = g, product = f32x4.mul(f32x4.sub(value, middle), g);
        value = v128.load(x1 + c); g = passed(v128.load(dy1 + c), value, middle, by, on, isRectified);
        sum = f32x4.add(sum, g); product = f32x4.add(product, f32x4.mul(f32x4.sub(value, middle), g));
        value = v128.load(x2 + c); g = passed(v128.load(dy2 + c), value, middle, by, on, isRectified);
        sum = f32x4.add(sum, g); product = f32x4.add(product, f32x4.mul(f32x4.sub(value, middle), g));
        value = v128.load(x3 + c); g = passed(v128.load(dy3 + c), value, middle, by, on, isRectified);
        sum = f32x4.add(sum, g); product = f32x4.add(product, f32x4.mul(f32x4.sub(value, middle), g));
        v128.store(parts + c, f32x4.add(v128.load(parts + c), sum));
        v128.store(productParts + c, f32x4.add(v128.load(productParts + c), product));
      }
    }
    for (let row = start; row < end; row++) {
      for (let c = row < r ? wide : 0; c < stride; c += 4) {
        const at = <usize>row * stride + c;
        const deviation = load<f32>(x + at) - load<f32>(center + c);
        const g = passedOne(load<f32>(dy + at), deviation, load<f32>(factor + c), load<f32>(offset + c), isRectified);
        store<f32>(parts + c, load<f32>(parts + c) + g);
        store<f32>(productParts + c, load<f32>(productParts + c) + deviation * g);
      }
    }
    carry(parts, productParts, sums, products, columns);
  }
}

/** out = factor g + onInput (x - center) + constant, with g as in {@link sumGradients}. */
export function normalizedGradient(
  x: usize, dy: usize, center: usize, factor: usize, offset: usize, onInput: usize, constant: usize, rows: i32, columns: i32, isRectified: bool, out: usize,
): void {
  if (isRectified) gradientOfRows(x, dy, center, factor, offset, onInput, constant, rows, columns, true, out);
  else gradientOfRows(x, dy, center, factor, offset, onInput, constant, rows, columns, false, out);
}

// @ts-ignore: decorator
@inline
function gradientOfRows(
  x: usize, dy: usize, center: usize, factor: usize, offset: usize, onInput: usize, constant: usize, rows: i32, columns: i32, isRectified: bool, out: usize,
): void {
  const stride = <usize>columns << 2;
  const wide = stride & ~15;
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    const at0 = <usize>r * stride, at1 = at0 + stride, at2 = at1 + stride, at3 = at2 + stride;
    for (let c: usize = 0; c < wide; c += 16) {
      const middle = v128.load(center + c), by = v128.load(factor + c), on = v128.load(offset + c), slope = v128.load(onInput + c), rest = v128.load(constant + c);
      let value = v128.load(x + at0 + c), g = passed(v128.load(dy + at0 + c), value, middle, by, on, isRectified);
      v128.store(out + at0 + c, f32x4.add(f32x4.add(f32x4.mul(by, g), f32x4.mul(slope, f32x4.sub(value, middle))), rest));
      value = v128.load(x + at1 + c); g = passed(v128.load(dy + at1 + c), value, middle, by, on, isRectified);
      v128.store(out + at1 + c, f32x4.add(f32x4.add(f32x4.mul(by, g), f32x4.mul(slope, f32x4.sub(value, middle))), rest));
      value = v128.load(x + at2 + c); g = passed(v128.load(dy + at2 + c), value, middle, by, on, isRectified);
      v128.store(out + at2 + c, f32x4.add(f32x4.add(f32x4.mul(by, g), f32x4.mul(slope, f32x4.sub(value, middle))), rest));
      value = v128.load(x + at3 + c); g = passed(v128.load(dy + at3 + c), value, middle, by, on, isRectified);
      v128.store(out + at3 + c, f32x4.add(f32x4.add(f32x4.mul(by, g), f32x4.mul(slope, f32x4.sub(value, middle))), rest));
    }
  }
  for (let row = 0; row < rows; row++) {
    for (let c = row < r ? wide : 0; c < stride; c += 4) {
      const at = <usize>row * stride + c;
      const deviation = load<f32>(x + at) - load<f32>(center + c), by = load<f32>(factor + c);
      const g = passedOne(load<f32>(dy + at), deviation, by, load<f32>(offset + c), isRectified);
      store<f32>(out + at, by * g + load<f32>(onInput + c) * deviation + load<f32>(constant + c));
    }
  }
}
