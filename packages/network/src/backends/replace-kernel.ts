import { getKernel, registerKernel, unregisterKernel, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';

/** Replaces a kernel of a backend by one that may fall back on the original. */
export function replaceKernel(
  kernelName: string, backendName: string, kernelFunc: (call: Parameters<KernelFunc>[0], original: KernelFunc) => TensorInfo | TensorInfo[],
): void {
  const original = getKernel(kernelName, backendName).kernelFunc;
  unregisterKernel(kernelName, backendName);
  registerKernel({ kernelName, backendName, kernelFunc: (call) => kernelFunc(call, original) });
}
