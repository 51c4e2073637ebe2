import { backend } from '@tensorflow/tfjs-core';
import { registerBatchNorm } from './batch-norm-kernels.js';
import type { NativeBackend } from './native-backend.js';
import { registerReluGradient } from './relu-gradient.js';

/** Replaces what TensorFlow.js composes of many operations where TensorFlow has one. */
export function supplyNativeKernels(): void {
  registerBatchNorm();
  registerReluGradient();
}

/** The library that runs, for the record. */
export function describeNative(): string {
  const { binding, isUsingGpuDevice } = backend() as NativeBackend;
  return `TensorFlow ${binding.TF_Version} on ${isUsingGpuDevice ? 'a GPU' : 'the CPU'}`;
}
