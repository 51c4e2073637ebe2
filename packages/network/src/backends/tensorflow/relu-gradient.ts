import * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from './native-backend.js';

/** Registers the gradient of relu as one operation on its output; TensorFlow.js has seven on its input, which it also keeps. */
export function replaceReluGradient(): void {
  const kernelName = 'MemgeoReluGradient';
  tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs: { dy, y }, backend }) => {
      const { binding, executeSingleOutput } = backend as NativeBackend;
      return executeSingleOutput.call(backend, 'ReluGrad', [{ name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }], [dy!, y!]);
    },
  });
  tf.unregisterGradient('Relu');
  tf.registerGradient({
    kernelName: 'Relu',
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({ x: () => tf.engine().runKernel(kernelName, { dy: dy as tf.Tensor, y: y! }) as tf.Tensor }),
  });
}
