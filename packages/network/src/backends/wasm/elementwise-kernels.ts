import { registerKernel, type TensorInfo } from '@tensorflow/tfjs-core';
import { reluGradientKernel, replaceReluGradient } from '../relu-gradient.js';
import { replaceKernel } from '../replace-kernel.js';
import { asSumOverRows } from '../sum-over-rows.js';
import type { KernelModule } from './kernel-module.js';
import { addressOf, sizeOf, withScratch, type WasmBackend } from './tfjs-memory.js';

/** Replaces copies by another name for the same memory: no kernel writes to memory that it did not make. */
export function replaceCopies(): void {
  replaceKernel('Identity', 'wasm', (call, original) => {
    const { x } = call.inputs as { x: TensorInfo };
    if (x.dtype === 'string') return original(call);
    (call.backend as WasmBackend).incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  });
}

/** Replaces sums over the first axes, the gradients of biases, for which the backend transposes first. */
export function replaceSumsOverRows(kernels: KernelModule): void {
  replaceKernel('Sum', 'wasm', (call, original) => {
    const sum = asSumOverRows(call);
    if (!sum) return original(call);
    const { x, rows, columns, shape } = sum;
    const backend = call.backend as WasmBackend;
    const output = backend.makeOutput(shape, 'float32');
    withScratch(backend, 2 * columns, (_, wideSums) => kernels.sumRows(addressOf(backend, x), rows, columns, wideSums, addressOf(backend, output)));
    return output;
  });
}

/** Registers the gradient of a rectifier as one pass over its output. */
export function registerReluGradient(kernels: KernelModule): void {
  registerKernel({
    kernelName: reluGradientKernel,
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend: anyBackend }) => {
      const backend = anyBackend as WasmBackend;
      const { y, dy } = inputs as { y: TensorInfo; dy: TensorInfo };
      const output = backend.makeOutput(y.shape, 'float32');
      kernels.rectifiedGradient(addressOf(backend, y), addressOf(backend, dy), sizeOf(y), addressOf(backend, output));
      return output;
    },
  });
  replaceReluGradient();
}
