// Convolutions by 3 x 3 filters at stride 1, and their filter gradients, with 16 instead of 36 products per 2 x 2 outputs:
// Y = A' [(G g G') * (B' d B)] A, the minimal algorithm F(2 x 2, 3 x 3) of [lavin2016fast, sec. 4.1].
// d is a patch of 4 x 4 inputs, g the filter, * the product of each of 16 positions, summed over input channels by matrix products.
// Images are (batch, height, width, channels), channels multiples of 4; addresses and strides are in bytes.
import { multiplyAllPanels, multiplyByPanel } from './panels';

/** What parts the values of one position from those of the next beyond their size, so that they don't compete for one line of the cache. */
const gap: usize = 64;

/** U = G g G': for each position panels of 8 output channels, (16, panels, inChannels, 8). */
export function transformFilter(filter: usize, inChannels: i32, outChannels: i32, out: usize): void {
  const tap = <usize>(inChannels * outChannels) << 2;
  const panelSize = <usize>inChannels << 5;
  const position = <usize>((outChannels + 7) >> 3) * panelSize;
  if (outChannels & 7) memory.fill(out, 0, 16 * position);
  const half = f32x4.splat(0.5);
  for (let i = 0; i < inChannels; i++) {
    for (let o = 0; o < outChannels; o += 4) {
      const from = filter + (<usize>(i * outChannels + o) << 2);
      let to = out + <usize>(o >> 3) * panelSize + (<usize>i << 5) + (<usize>(o & 4) << 2);
      for (let row = 0; row < 4; row++) {
        const t0 = filterRow(from, tap, row, half), t1 = filterRow(from + tap, tap, row, half), t2 = filterRow(from + 2 * tap, tap, row, half);
        const outer = f32x4.mul(half, f32x4.add(t0, t2)), inner = f32x4.mul(half, t1);
        v128.store(to, t0);
        v128.store(to + position, f32x4.add(outer, inner));
        v128.store(to + 2 * position, f32x4.sub(outer, inner));
        v128.store(to + 3 * position, t2);
        to += 4 * position;
      }
    }
  }
}

/** A row of G g, for one column of g. */
// @ts-ignore: decorator
@inline
function filterRow(from: usize, tap: usize, row: i32, half: v128): v128 {
  if (row == 0) return v128.load(from);
  if (row == 3) return v128.load(from + 6 * tap);
  const outer = f32x4.mul(half, f32x4.add(v128.load(from), v128.load(from + 6 * tap))), inner = f32x4.mul(half, v128.load(from + 3 * tap));
  return row == 1 ? f32x4.add(outer, inner) : f32x4.sub(outer, inner);
}

/** One row of (B' d) B for 4 channels, from two rows of d. */
// @ts-ignore: decorator
@inline
function patchRow(a: usize, b: usize, pixel: usize, isSum: bool, to: usize, position: usize): void {
  const a0 = v128.load(a), a1 = v128.load(a + pixel), a2 = v128.load(a + 2 * pixel), a3 = v128.load(a + 3 * pixel);
  const b0 = v128.load(b), b1 = v128.load(b + pixel), b2 = v128.load(b + 2 * pixel), b3 = v128.load(b + 3 * pixel);
  const t0 = isSum ? f32x4.add(a0, b0) : f32x4.sub(a0, b0), t1 = isSum ? f32x4.add(a1, b1) : f32x4.sub(a1, b1);
  const t2 = isSum ? f32x4.add(a2, b2) : f32x4.sub(a2, b2), t3 = isSum ? f32x4.add(a3, b3) : f32x4.sub(a3, b3);
  v128.store(to, f32x4.sub(t0, t2));
  v128.store(to + position, f32x4.add(t1, t2));
  v128.store(to + 2 * position, f32x4.sub(t2, t1));
  v128.store(to + 3 * position, f32x4.sub(t1, t3));
}

/** V = B' d B of a patch; `step` parts 4 channels from the next 4, `position` one position from the next. */
function transformPatch(patch: usize, row: usize, pixel: usize, channels: i32, to: usize, step: usize, position: usize): void {
  for (let c = 0; c < channels; c += 4) {
    const row1 = patch + row, row2 = row1 + row, row3 = row2 + row;
    patchRow(patch, row2, pixel, false, to, position);
    patchRow(row1, row2, pixel, true, to + 4 * position, position);
    patchRow(row2, row1, pixel, false, to + 8 * position, position);
    patchRow(row1, row3, pixel, false, to + 12 * position, position);
    patch += 16;
    to += step;
  }
}

/** V of tiles `start` to `start + count` of all images; patches that reach beyond an image are completed by zeros in `border`. */
function transformPatches(
  input: usize, height: i32, width: i32, channels: i32, tilesDown: i32, tilesAcross: i32, padTop: i32, padLeft: i32,
  start: i32, count: i32, to: usize, tileStep: usize, channelStep: usize, position: usize, border: usize,
): void {
  const pixel = <usize>channels << 2, row = <usize>width * pixel;
  for (let t = 0; t < count; t++) {
    const tile = start + t;
    const n = tile / (tilesDown * tilesAcross), within = tile % (tilesDown * tilesAcross);
    const top = 2 * (within / tilesAcross) - padTop, left = 2 * (within % tilesAcross) - padLeft;
    const image = input + <usize>(n * height) * row;
    const target = to + <usize>t * tileStep;
    if (top >= 0 && left >= 0 && top + 4 <= height && left + 4 <= width) {
      transformPatch(image + <usize>top * row + <usize>left * pixel, row, pixel, channels, target, channelStep, position);
    } else {
      copyPatch(image, height, width, pixel, top, left, 4, border);
      transformPatch(border, 4 * pixel, pixel, channels, target, channelStep, position);
    }
  }
}

/** Copies a square patch, zeros where it is outside of the image. */
function copyPatch(image: usize, height: i32, width: i32, pixel: usize, top: i32, left: i32, size: i32, to: usize): void {
  for (let y = top; y < top + size; y++) {
    for (let x = left; x < left + size; x++) {
      const end = to + pixel;
      if (y >= 0 && x >= 0 && y < height && x < width) {
        let from = image + <usize>(y * width + x) * pixel;
        for (; to < end; to += 16) {
          v128.store(to, v128.load(from));
          from += 16;
        }
      } else {
        for (; to < end; to += 16) v128.store(to, f32x4.splat(0));
      }
    }
  }
}

/**
 * out = input convolved with the filter that {@link transformFilter} gave, `chunk` tiles at a time; plus a bias if its address
 * is not 0, and without what is negative then if it is to be rectified.
 * Scratch holds 16 chunk (inChannels + outChannels + 4) + 16 inChannels + 600 values.
 */
export function convolveByTiles(
  input: usize, filter: usize, out: usize, batch: i32, inHeight: i32, inWidth: i32, inChannels: i32,
  outHeight: i32, outWidth: i32, outChannels: i32, padTop: i32, padLeft: i32, chunk: i32, scratch: usize, bias: usize, isRectified: bool,
): void {
  const tilesDown = (outHeight + 1) >> 1, tilesAcross = (outWidth + 1) >> 1;
  const tiles = batch * tilesDown * tilesAcross;
  const panels = (outChannels + 7) >> 3;
  const inPixel = <usize>inChannels << 2, outPixel = <usize>outChannels << 2, wideOut = <usize>panels << 5;
  const inPosition = <usize>chunk * inPixel + gap, outPosition = <usize>chunk * wideOut + gap;
  const products = scratch + 16 * inPosition, border = products + 16 * outPosition, edge = border + 16 * inPixel;
  for (let start = 0; start < tiles; start += chunk) {
    const count = min(chunk, tiles - start);
    transformPatches(input, inHeight, inWidth, inChannels, tilesDown, tilesAcross, padTop, padLeft, start, count, scratch, inPixel, 16, inPosition, border);
    let panel = filter;
    for (let position: usize = 0; position < 16; position++) {
      for (let p = 0; p < panels; p++) {
        multiplyByPanel(scratch + position * inPosition, inPixel, count, panel, inChannels, 8, products + position * outPosition + (<usize>p << 5), wideOut, false, edge);
        panel += <usize>inChannels << 5;
      }
    }
    for (let t = 0; t < count; t++) {
      const tile = start + t;
      const n = tile / (tilesDown * tilesAcross), within = tile % (tilesDown * tilesAcross);
      const y = 2 * (within / tilesAcross), x = 2 * (within % tilesAcross);
      const to = out + <usize>((n * outHeight + y) * outWidth + x) * outPixel;
      transformProducts(products + <usize>t * wideOut, outPosition, outChannels, to, outPixel, <usize>outWidth * outPixel, x + 1 < outWidth, y + 1 < outHeight, bias, isRectified);
    }
  }
}

/** Y = A' M A of a tile, with what comes after it. */
function transformProducts(
  from: usize, position: usize, channels: i32, to: usize, pixel: usize, row: usize, hasRight: bool, hasBelow: bool, bias: usize, isRectified: bool,
): void {
  const zero = f32x4.splat(0);
  for (let c = 0; c < channels; c += 4) {
    let m1 = v128.load(from + 4 * position), m2 = v128.load(from + 8 * position);
    const s00 = f32x4.add(v128.load(from), f32x4.add(m1, m2)), s10 = f32x4.sub(f32x4.sub(m1, m2), v128.load(from + 12 * position));
    m1 = v128.load(from + 5 * position); m2 = v128.load(from + 9 * position);
    const s01 = f32x4.add(v128.load(from + position), f32x4.add(m1, m2)), s11 = f32x4.sub(f32x4.sub(m1, m2), v128.load(from + 13 * position));
    m1 = v128.load(from + 6 * position); m2 = v128.load(from + 10 * position);
    const s02 = f32x4.add(v128.load(from + 2 * position), f32x4.add(m1, m2)), s12 = f32x4.sub(f32x4.sub(m1, m2), v128.load(from + 14 * position));
    m1 = v128.load(from + 7 * position); m2 = v128.load(from + 11 * position);
    const s03 = f32x4.add(v128.load(from + 3 * position), f32x4.add(m1, m2)), s13 = f32x4.sub(f32x4.sub(m1, m2), v128.load(from + 15 * position));
    let y00 = f32x4.add(s00, f32x4.add(s01, s02)), y01 = f32x4.sub(f32x4.sub(s01, s02), s03);
    let y10 = f32x4.add(s10, f32x4.add(s11, s12)), y11 = f32x4.sub(f32x4.sub(s11, s12), s13);
    if (bias) {
      const shift = v128.load(bias + (<usize>c << 2));
      y00 = f32x4.add(y00, shift); y01 = f32x4.add(y01, shift); y10 = f32x4.add(y10, shift); y11 = f32x4.add(y11, shift);
    }
    if (isRectified) {
      y00 = v128.andnot(y00, f32x4.lt(y00, zero)); y01 = v128.andnot(y01, f32x4.lt(y01, zero));
      y10 = v128.andnot(y10, f32x4.lt(y10, zero)); y11 = v128.andnot(y11, f32x4.lt(y11, zero));
    }
    v128.store(to, y00);
    if (hasRight) v128.store(to + pixel, y01);
    if (hasBelow) v128.store(to + row, y10);
    if (hasRight && hasBelow) v128.store(to + row + pixel, y11);
    from += 16;
    to += 16;
  }
}

/** M = A dY A' for 4 channels of a tile of output gradients. */
// @ts-ignore: decorator
@inline
function gradientRow(p: v128, q: v128, to: usize, position: usize): void {
  v128.store(to, p);
  v128.store(to + position, f32x4.add(p, q));
  v128.store(to + 2 * position, f32x4.sub(p, q));
  v128.store(to + 3 * position, f32x4.neg(q));
}

/**
 * out = gradient with respect to the filter, G' [sum over tiles of (B' d B) (A dY A')'] G.
 * Scratch holds 16 chunk (inChannels + outChannels + 4) + 16 inChannels outChannels + 16 max(inChannels, outChannels) + 600 values.
 */
export function filterGradientByTiles(
  input: usize, outputGradient: usize, out: usize, batch: i32, inHeight: i32, inWidth: i32, inChannels: i32,
  outHeight: i32, outWidth: i32, outChannels: i32, padTop: i32, padLeft: i32, chunk: i32, scratch: usize,
): void {
  const tilesDown = (outHeight + 1) >> 1, tilesAcross = (outWidth + 1) >> 1;
  const tiles = batch * tilesDown * tilesAcross;
  const wideOut = <usize>((outChannels + 7) >> 3) << 5;
  const inPixel = <usize>inChannels << 2, outPixel = <usize>outChannels << 2, outRow = <usize>outWidth * outPixel;
  const inPosition = <usize>chunk * inPixel + gap, outPosition = <usize>chunk * wideOut + gap, sumPosition = <usize>inChannels * outPixel;
  const gradients = scratch + 16 * inPosition, sums = gradients + 16 * outPosition, border = sums + 16 * sumPosition, edge = border + 16 * max(inPixel, outPixel);
  for (let start = 0; start < tiles; start += chunk) {
    const count = min(chunk, tiles - start);
    transformPatches(input, inHeight, inWidth, inChannels, tilesDown, tilesAcross, padTop, padLeft, start, count, scratch, 16, <usize>count << 4, inPosition, border);
    for (let t = 0; t < count; t++) {
      const tile = start + t;
      const n = tile / (tilesDown * tilesAcross), within = tile % (tilesDown * tilesAcross);
      const y = 2 * (within / tilesAcross), x = 2 * (within % tilesAcross);
      const image = outputGradient + <usize>(n * outHeight) * outRow;
      let from = image + <usize>y * outRow + <usize>x * outPixel;
      let row = outRow;
      if (x + 2 > outWidth || y + 2 > outHeight) {
        copyPatch(image, outHeight, outWidth, outPixel, y, x, 2, border);
        from = border;
        row = 2 * outPixel;
      }
      for (let c = 0; c < outChannels; c += 4) {
        const to = gradients + (<usize>((c >> 3) * count + t) << 5) + (<usize>(c & 4) << 2);
        const y00 = v128.load(from), y01 = v128.load(from + outPixel), y10 = v128.load(from + row), y11 = v128.load(from + row + outPixel);
        gradientRow(y00, y01, to, outPosition);
        gradientRow(f32x4.add(y00, y10), f32x4.add(y01, y11), to + 4 * outPosition, outPosition);
        gradientRow(f32x4.sub(y00, y10), f32x4.sub(y01, y11), to + 8 * outPosition, outPosition);
        gradientRow(f32x4.neg(y10), f32x4.neg(y11), to + 12 * outPosition, outPosition);
        from += 16;
      }
    }
    for (let position: usize = 0; position < 16; position++) {
      multiplyAllPanels(scratch + position * inPosition, inChannels, gradients + position * outPosition, outChannels, count, sums + position * sumPosition, outPixel, start > 0, edge);
    }
  }
  const half = f32x4.splat(0.5);
  for (let at: usize = 0; at < sumPosition; at += 16) {
    for (let column = 0; column < 3; column++) {
      let to = out + at + <usize>column * sumPosition;
      const from = sums + at;
      const u0 = sumColumn(from, sumPosition, column, half), u1 = sumColumn(from + 4 * sumPosition, sumPosition, column, half);
      const u2 = sumColumn(from + 8 * sumPosition, sumPosition, column, half), u3 = sumColumn(from + 12 * sumPosition, sumPosition, column, half);
      const middle = f32x4.mul(half, f32x4.add(u1, u2));
      v128.store(to, f32x4.add(u0, middle));
      v128.store(to + 3 * sumPosition, f32x4.mul(half, f32x4.sub(u1, u2)));
      v128.store(to + 6 * sumPosition, f32x4.add(middle, u3));
    }
  }
}

/** A column of U G, for one row of U. */
// @ts-ignore: decorator
@inline
function sumColumn(from: usize, position: usize, column: i32, half: v128): v128 {
  const u1 = v128.load(from + position), u2 = v128.load(from + 2 * position);
  if (column == 1) return f32x4.mul(half, f32x4.sub(u1, u2));
  return f32x4.add(f32x4.mul(half, f32x4.add(u1, u2)), v128.load(column == 0 ? from : from + 3 * position));
}
