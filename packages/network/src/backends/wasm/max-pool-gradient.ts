import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelModule } from './kernel-module.js';
import { replaceKernel } from '../replace-kernel.js';
import { addressOf, type WasmBackend } from './tfjs-memory.js';

/**
 * Replaces the gradient of max pooling. The one of tfjs-backend-wasm 4.22.0 starts its search for the maximum at the smallest
 * positive float, and so loses the gradient of windows whose values are all negative.
 *
 * The gradient of a window goes to its first maximum.
 */
export function replaceMaxPoolGradient(kernels: KernelModule): void {
  replaceKernel('MaxPoolGrad', 'wasm', ({ inputs, attrs, backend: anyBackend }) => {
    const backend = anyBackend as WasmBackend;
    const { dy, input } = inputs as { dy: TensorInfo; input: TensorInfo };
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as {
      filterSize: number | [number, number]; strides: number | [number, number]; pad: 'valid' | 'same' | number; dimRoundingMode?: 'floor' | 'round' | 'ceil';
    };
    const info = backend_util.computePool2DInfo(input.shape as [number, number, number, number], filterSize, strides, 1, pad, dimRoundingMode);
    const { batchSize, inHeight, inWidth, outHeight, outWidth, inChannels, strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = info;
    const output = backend.makeOutput(input.shape, 'float32');
    const [x, gradient, result] = [input, dy, output].map((tensor) => addressOf(backend, tensor)) as [number, number, number];
    const isHalving = [filterHeight, filterWidth, strideHeight, strideWidth].every((size) => size === 2) && padInfo.top === 0 && padInfo.left === 0
      && outHeight === inHeight >> 1 && outWidth === inWidth >> 1;
    if (isHalving) kernels.routeMaximaOf2x2(x, gradient, result, batchSize, inHeight, inWidth, inChannels);
    else {
      kernels.routeMaxima(
        x, gradient, result, batchSize, inHeight, inWidth, inChannels, outHeight, outWidth,
        filterHeight, filterWidth, strideHeight, strideWidth, padInfo.top, padInfo.left,
      );
    }
    return output;
  });
}
