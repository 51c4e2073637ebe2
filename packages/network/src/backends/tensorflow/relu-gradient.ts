import { registerKernel } from '@tensorflow/tfjs-core';
import { reluGradientKernel, replaceReluGradient } from '../relu-gradient.js';
import type { NativeBackend } from './native-backend.js';

/** Registers the gradient of a rectifier as TensorFlow's own operation. */
export function registerReluGradient(): void {
  registerKernel({
    kernelName: reluGradientKernel,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs: { dy, y }, backend }) => {
      const { binding, executeSingleOutput } = backend as NativeBackend;
      return executeSingleOutput.call(backend, 'ReluGrad', [{ name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }], [dy!, y!]);
    },
  });
  replaceReluGradient();
}
