// The gradient of max pooling over images (batch, height, width, channels): that of each window goes to its first maximum.
// Addresses are in bytes.

/** For windows of 2 x 2 that touch and don't overlap, and images without padding. */
export function routeMaximaOf2x2(x: usize, dy: usize, dx: usize, batch: i32, inHeight: i32, inWidth: i32, channels: i32): void {
  const outHeight = inHeight >> 1, outWidth = inWidth >> 1;
  const pixel = <usize>channels << 2;
  const row = <usize>inWidth * pixel;
  const wide = <usize>(channels & ~3) << 2;
  if ((inHeight | inWidth) & 1) memory.fill(dx, 0, <usize>(batch * inHeight) * row);
  for (let n = 0; n < batch; n++) {
    for (let oh = 0; oh < outHeight; oh++) {
      let in0 = <usize>(n * inHeight + 2 * oh) * row;
      let out = dy + <usize>((n * outHeight + oh) * outWidth) * pixel;
      for (let ow = 0; ow < outWidth; ow++) {
        let c: usize = 0;
        for (; c < wide; c += 16) {
          const p0 = in0 + c, p1 = p0 + pixel, p2 = p0 + row, p3 = p2 + pixel;
          const gradient = v128.load(out + c);
          let best = v128.load(x + p0);
          let value = v128.load(x + p1);
          const is1 = f32x4.gt(value, best);
          best = v128.bitselect(value, best, is1);
          value = v128.load(x + p2);
          const is2 = f32x4.gt(value, best);
          best = v128.bitselect(value, best, is2);
          const is3 = f32x4.gt(v128.load(x + p3), best);
          const from2 = v128.or(is2, is3);
          v128.store(dx + p0, v128.andnot(gradient, v128.or(is1, from2)));
          v128.store(dx + p1, v128.andnot(v128.and(gradient, is1), from2));
          v128.store(dx + p2, v128.andnot(v128.and(gradient, is2), is3));
          v128.store(dx + p3, v128.and(gradient, is3));
        }
        for (; c < pixel; c += 4) {
          const p0 = in0 + c, p1 = p0 + pixel, p2 = p0 + row, p3 = p2 + pixel;
          let at = p0;
          let best = load<f32>(x + p0);
          if (load<f32>(x + p1) > best) { best = load<f32>(x + p1); at = p1; }
          if (load<f32>(x + p2) > best) { best = load<f32>(x + p2); at = p2; }
          if (load<f32>(x + p3) > best) at = p3;
          store<f32>(dx + p0, 0);
          store<f32>(dx + p1, 0);
          store<f32>(dx + p2, 0);
          store<f32>(dx + p3, 0);
          store<f32>(dx + at, load<f32>(out + c));
        }
        in0 += 2 * pixel;
        out += pixel;
      }
    }
  }
}

/** For windows of any kind. */
export function routeMaxima(
  x: usize, dy: usize, dx: usize, batch: i32, inHeight: i32, inWidth: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32, padTop: i32, padLeft: i32,
): void {
  const pixel = <usize>channels << 2;
  const row = <usize>inWidth * pixel;
  const wide = <usize>(channels & ~3) << 2;
  memory.fill(dx, 0, <usize>(batch * inHeight) * row);
  for (let n = 0; n < batch; n++) {
    for (let oh = 0; oh < outHeight; oh++) {
      const top = max(0, oh * strideHeight - padTop), bottom = min(inHeight, oh * strideHeight - padTop + filterHeight);
      if (bottom <= top) continue;
      for (let ow = 0; ow < outWidth; ow++) {
        const left = max(0, ow * strideWidth - padLeft), right = min(inWidth, ow * strideWidth - padLeft + filterWidth);
        if (right <= left) continue;
        const first = <usize>(n * inHeight + top) * row + <usize>left * pixel;
        const out = dy + <usize>((n * outHeight + oh) * outWidth + ow) * pixel;
        for (let c: usize = 0; c < wide; c += 16) {
          let best = v128.load(x + first + c);
          let at = i32x4.splat(<i32>first);
          for (let ih = top; ih < bottom; ih++) {
            for (let iw = left; iw < right; iw++) {
              const here = <usize>(n * inHeight + ih) * row + <usize>iw * pixel;
              const value = v128.load(x + here + c);
              const isMore = f32x4.gt(value, best);
              best = v128.bitselect(value, best, isMore);
              at = v128.bitselect(i32x4.splat(<i32>here), at, isMore);
            }
          }
          const gradient = v128.load(out + c);
          for (let ih = top; ih < bottom; ih++) {
            for (let iw = left; iw < right; iw++) {
              const here = <usize>(n * inHeight + ih) * row + <usize>iw * pixel;
              const to = dx + here + c;
              v128.store(to, f32x4.add(v128.load(to), v128.and(gradient, i32x4.eq(at, i32x4.splat(<i32>here)))));
            }
          }
        }
        for (let c = wide; c < pixel; c += 4) {
          let at = first;
          for (let ih = top; ih < bottom; ih++) {
            for (let iw = left; iw < right; iw++) {
              const here = <usize>(n * inHeight + ih) * row + <usize>iw * pixel;
              if (load<f32>(x + here + c) > load<f32>(x + at + c)) at = here;
            }
          }
          store<f32>(dx + at + c, load<f32>(dx + at + c) + load<f32>(out + c));
        }
      }
    }
  }
}
