// Sums of outer products of rows: the filter gradient of convolutions whose inputs have few channels or an odd number of them.
// Addresses and strides are in bytes. The caller owns the memory, which is TensorFlow.js's.

/** out[i, k] += sum_r a[r, i] b[r, k] for 4 rows i and 8 columns k of out, held in registers. */
// @ts-ignore: decorator
@inline
function accumulate4x8(a: usize, aStride: usize, b: usize, bStride: usize, rows: i32, out: usize, outStride: usize): void {
  const out1 = out + outStride;
  const out2 = out1 + outStride;
  const out3 = out2 + outStride;
  let s00 = v128.load(out), s01 = v128.load(out, 16);
  let s10 = v128.load(out1), s11 = v128.load(out1, 16);
  let s20 = v128.load(out2), s21 = v128.load(out2, 16);
  let s30 = v128.load(out3), s31 = v128.load(out3, 16);
  for (let r = 0; r < rows; r++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 8);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 12);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    a += aStride;
    b += bStride;
  }
  v128.store(out, s00);
  v128.store(out, s01, 16);
  v128.store(out1, s10);
  v128.store(out1, s11, 16);
  v128.store(out2, s20);
  v128.store(out2, s21, 16);
  v128.store(out3, s30);
  v128.store(out3, s31, 16);
}

/** The same for one row of out and 8 columns. */
// @ts-ignore: decorator
@inline
function accumulate1x8(a: usize, aStride: usize, b: usize, bStride: usize, rows: i32, out: usize): void {
  let s0 = v128.load(out), s1 = v128.load(out, 16);
  for (let r = 0; r < rows; r++) {
    const x = v128.load32_splat(a);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(b, 16)));
    a += aStride;
    b += bStride;
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
}

/** The same for one element of out. */
// @ts-ignore: decorator
@inline
function accumulate1x1(a: usize, aStride: usize, b: usize, bStride: usize, rows: i32, out: usize): void {
  let sum = load<f32>(out);
  for (let r = 0; r < rows; r++) {
    sum += load<f32>(a) * load<f32>(b);
    a += aStride;
    b += bStride;
  }
  store<f32>(out, sum);
}

/** out[i, k] += sum_r a[r, i] b[r, k]; a (rows, aCount), b (rows, bCount), out (aCount, bCount) without gaps. */
function accumulateOuterProducts(a: usize, aStride: usize, b: usize, bStride: usize, rows: i32, aCount: i32, bCount: i32, out: usize): void {
  const outStride = <usize>bCount << 2;
  const wide = bCount & ~7;
  let i = 0;
  for (; i + 4 <= aCount; i += 4) {
    for (let k = 0; k < wide; k += 8) accumulate4x8(a + (i << 2), aStride, b + (k << 2), bStride, rows, out + <usize>i * outStride + (k << 2), outStride);
    for (let k = wide; k < bCount; k++) {
      for (let j = i; j < i + 4; j++) accumulate1x1(a + (j << 2), aStride, b + (k << 2), bStride, rows, out + <usize>j * outStride + (k << 2));
    }
  }
  for (; i < aCount; i++) {
    for (let k = 0; k < wide; k += 8) accumulate1x8(a + (i << 2), aStride, b + (k << 2), bStride, rows, out + <usize>i * outStride + (k << 2));
    for (let k = wide; k < bCount; k++) accumulate1x1(a + (i << 2), aStride, b + (k << 2), bStride, rows, out + <usize>i * outStride + (k << 2));
  }
}

/**
 * dW of a convolution, NHWC, added to `filter` (filterHeight, filterWidth, inChannels, outChannels).
 *
 * Each run of outputs in one row is a sum of outer products of input and output channels.
 */
export function accumulateFilterGradient(
  input: usize, outputGradient: usize, filter: usize, batch: i32,
  inHeight: i32, inWidth: i32, inChannels: i32, outHeight: i32, outWidth: i32, outChannels: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32, padTop: i32, padLeft: i32,
): void {
  const inPixel = <usize>inChannels << 2;
  const outPixel = <usize>outChannels << 2;
  for (let n = 0; n < batch; n++) {
    for (let oh = 0; oh < outHeight; oh++) {
      const outRow = outputGradient + <usize>((n * outHeight + oh) * outWidth) * outPixel;
      for (let fh = 0; fh < filterHeight; fh++) {
        const ih = oh * strideHeight + fh - padTop;
        if (ih < 0 || ih >= inHeight) continue;
        const inRow = input + <usize>((n * inHeight + ih) * inWidth) * inPixel;
        for (let fw = 0; fw < filterWidth; fw++) {
          let first = 0;
          while (first * strideWidth + fw < padLeft) first++;
          let last = outWidth - 1;
          while (last >= first && last * strideWidth + fw - padLeft >= inWidth) last--;
          if (last < first) continue;
          accumulateOuterProducts(
            inRow + <usize>(first * strideWidth + fw - padLeft) * inPixel, <usize>strideWidth * inPixel,
            outRow + <usize>first * outPixel, outPixel,
            last - first + 1, inChannels, outChannels,
            filter + <usize>((fh * filterWidth + fw) * inChannels) * outPixel,
          );
        }
      }
    }
  }
}
