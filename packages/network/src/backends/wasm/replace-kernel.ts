import { getKernel, registerKernel, unregisterKernel, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';

/** Replaces a kernel of the wasm backend by one that may fall back on the original. */
export function replaceKernel(kernelName: string, kernelFunc: (call: Parameters<KernelFunc>[0], original: KernelFunc) => TensorInfo | TensorInfo[]): void {
  const original = getKernel(kernelName, 'wasm').kernelFunc;
  unregisterKernel(kernelName, 'wasm');
  registerKernel({ kernelName, backendName: 'wasm', kernelFunc: (call) => kernelFunc(call, original) });
}
