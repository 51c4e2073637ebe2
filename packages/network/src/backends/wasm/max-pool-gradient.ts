import * as tf from '@tensorflow/tfjs-core';
import { replaceKernel } from './replace-kernel.js';
import { viewOf, type WasmBackend } from './tfjs-memory.js';

/**
 * Replaces the gradient of max pooling. The one of tfjs-backend-wasm 4.22.0 starts its search for the maximum at the smallest
 * positive float, and so loses the gradient of windows whose values are all negative.
 *
 * The gradient of a window goes to its first maximum.
 */
export function replaceMaxPoolGradient(): void {
  replaceKernel('MaxPoolGrad', ({ inputs, attrs, backend: anyBackend }) => {
    const backend = anyBackend as WasmBackend;
    const { dy, input } = inputs as { dy: tf.TensorInfo; input: tf.TensorInfo };
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as {
      filterSize: number | [number, number]; strides: number | [number, number]; pad: 'valid' | 'same' | number; dimRoundingMode?: 'floor' | 'round' | 'ceil';
    };
    const info = tf.backend_util.computePool2DInfo(input.shape as [number, number, number, number], filterSize, strides, 1, pad, dimRoundingMode);
    const output = backend.makeOutput(input.shape, 'float32');
    routeGradient(viewOf(backend, input), viewOf(backend, dy), viewOf(backend, output), info);
    return output;
  });
}

function routeGradient(x: Float32Array, dy: Float32Array, dx: Float32Array, info: tf.backend_util.Conv2DInfo): void {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, inChannels, strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = info;
  dx.fill(0);
  for (let n = 0; n < batchSize; n++) {
    for (let oh = 0; oh < outHeight; oh++) {
      const top = Math.max(0, oh * strideHeight - padInfo.top);
      const bottom = Math.min(inHeight, oh * strideHeight - padInfo.top + filterHeight);
      for (let ow = 0; ow < outWidth; ow++) {
        const left = Math.max(0, ow * strideWidth - padInfo.left);
        const right = Math.min(inWidth, ow * strideWidth - padInfo.left + filterWidth);
        const out = ((n * outHeight + oh) * outWidth + ow) * inChannels;
        for (let c = 0; c < inChannels; c++) {
          let [best, at] = [-Infinity, -1];
          for (let ih = top; ih < bottom; ih++) {
            for (let iw = left; iw < right; iw++) {
              const index = ((n * inHeight + ih) * inWidth + iw) * inChannels + c;
              if (x[index]! > best || at < 0) {
                best = x[index]!;
                at = index;
              }
            }
          }
          if (at >= 0) dx[at]! += dy[out + c]!;
        }
      }
    }
  }
}
