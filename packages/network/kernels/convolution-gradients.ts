// Gradients of convolutions over images (batch, height, width, channels) for filters and strides of any size.
// Filters are (height, width, in, out). Addresses are in bytes.
import { multiplyAllPanels, multiplyByPanel, packColumns, packRows, transposeMatrix } from './panels';

/** out (height, width, out, in) = filter, turned by half a turn. */
export function turnFilter(filter: usize, taps: i32, inChannels: i32, outChannels: i32, out: usize): void {
  const size = <usize>(inChannels * outChannels) << 2;
  for (let tap = 0; tap < taps; tap++) transposeMatrix(filter + <usize>tap * size, inChannels, outChannels, out + <usize>(taps - 1 - tap) * size);
}

/**
 * Gradient with respect to the input. Each tap of the filter adds the product of output gradients and its transposed weights
 * to the pixels it reads. Scratch holds outChannels (inChannels + 7) + 32 values.
 */
export function convolveBack(
  outputGradient: usize, filter: usize, inputGradient: usize, batch: i32,
  inHeight: i32, inWidth: i32, inChannels: i32, outHeight: i32, outWidth: i32, outChannels: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32, padTop: i32, padLeft: i32, scratch: usize,
): void {
  const inPixel = <usize>inChannels << 2, outPixel = <usize>outChannels << 2;
  const panelSize = <usize>outChannels << 5;
  const edge = scratch + <usize>((inChannels + 7) >> 3) * panelSize;
  memory.fill(inputGradient, 0, <usize>(batch * inHeight * inWidth) * inPixel);
  for (let fh = 0; fh < filterHeight; fh++) {
    for (let fw = 0; fw < filterWidth; fw++) {
      const weights = filter + <usize>((fh * filterWidth + fw) * inChannels) * outPixel;
      for (let c = 0; c < inChannels; c += 8) packRows(weights + <usize>c * outPixel, outPixel, min(8, inChannels - c), outChannels, scratch + <usize>(c >> 3) * panelSize);
      const first = firstInside(fw, strideWidth, padLeft);
      const count = lastInside(fw, strideWidth, padLeft, inWidth, outWidth) - first + 1;
      if (count <= 0) continue;
      for (let n = 0; n < batch; n++) {
        for (let c = 0; c < inChannels; c += 8) {
          for (let oh = 0; oh < outHeight; oh++) {
            const ih = oh * strideHeight + fh - padTop;
            if (ih < 0 || ih >= inHeight) continue;
            multiplyByPanel(
              outputGradient + <usize>((n * outHeight + oh) * outWidth + first) * outPixel, outPixel, count,
              scratch + <usize>(c >> 3) * panelSize, outChannels, min(8, inChannels - c),
              inputGradient + <usize>((n * inHeight + ih) * inWidth + first * strideWidth + fw - padLeft) * inPixel + (<usize>c << 2), <usize>strideWidth * inPixel, true, edge,
            );
          }
        }
      }
    }
  }
}

/** First output whose tap lies in the input. */
// @ts-ignore: decorator
@inline
function firstInside(tap: i32, stride: i32, padding: i32): i32 {
  return padding > tap ? (padding - tap + stride - 1) / stride : 0;
}

// @ts-ignore: decorator
@inline
function lastInside(tap: i32, stride: i32, padding: i32, inSize: i32, outSize: i32): i32 {
  const reach = inSize - 1 + padding - tap;
  return reach < 0 ? -1 : min(outSize - 1, reach / stride);
}

/** Outputs that are worked on at a time. Odd in lines of the cache, so that panels don't compete for the same ones. */
const chunk: i32 = 124;

/**
 * Gradient with respect to the filter: for each tap the product of transposed inputs and output gradients. Input channels are
 * a multiple of 4. Scratch holds 124 (inChannels + outChannels + 7) + 32 values.
 */
export function filterGradient(
  input: usize, outputGradient: usize, filter: usize, batch: i32,
  inHeight: i32, inWidth: i32, inChannels: i32, outHeight: i32, outWidth: i32, outChannels: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32, padTop: i32, padLeft: i32, scratch: usize,
): void {
  const inPixel = <usize>inChannels << 2, outPixel = <usize>outChannels << 2;
  const pixels = batch * outHeight * outWidth;
  const gradients = scratch + <usize>chunk * inPixel, edge = gradients + <usize>(((outChannels + 7) >> 3) * chunk) * 32;
  for (let start = 0; start < pixels; start += chunk) {
    const count = min(chunk, pixels - start);
    for (let c = 0; c < outChannels; c += 8) packColumns(outputGradient + <usize>start * outPixel + (<usize>c << 2), outPixel, count, min(8, outChannels - c), 8, gradients + <usize>(c * count) * 4);
    const panel = <usize>count << 4;
    let to = filter;
    for (let fh = 0; fh < filterHeight; fh++) {
      for (let fw = 0; fw < filterWidth; fw++) {
        for (let t = 0; t < count; t++) {
          const n = (start + t) / (outHeight * outWidth), within = (start + t) % (outHeight * outWidth);
          const y = within / outWidth * strideHeight + fh - padTop, x = within % outWidth * strideWidth + fw - padLeft;
          const isInside = y >= 0 && x >= 0 && y < inHeight && x < inWidth;
          const from = input + <usize>((n * inHeight + y) * inWidth + x) * inPixel;
          let place = scratch + (<usize>t << 4);
          for (let c: usize = 0; c < inPixel; c += 16) {
            v128.store(place, isInside ? v128.load(from + c) : f32x4.splat(0));
            place += panel;
          }
        }
        multiplyAllPanels(scratch, inChannels, gradients, outChannels, count, to, outPixel, start > 0, edge);
        to += <usize>inChannels * outPixel;
      }
    }
  }
}
