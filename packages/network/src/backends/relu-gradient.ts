import { engine, getBackend, getGradient, getKernel, registerGradient, unregisterGradient, type Tensor } from '@tensorflow/tfjs-core';

/** A kernel that a backend may register: dy where y, the output of the ReLU, is positive, else 0. */
export const reluGradientKernel = 'MemgeoReluGradient';

/**
 * Makes the gradient of ReLU one pass over its output, which the next layer keeps anyway, on backends that have a kernel for it; TensorFlow.js
 * has seven operations on its input, which it also keeps. Others keep theirs.
 */
export function replaceReluGradient(): void {
  const { gradFunc } = getGradient('Relu');
  unregisterGradient('Relu');
  registerGradient({
    kernelName: 'Relu',
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      // A rectifier's output is positive just where its input is, so that the original gradient can do with it too.
      if (!getKernel(reluGradientKernel, getBackend())) return gradFunc(dy, saved, attrs);
      return { x: () => engine().runKernel(reluGradientKernel, { y: saved[0]!, dy: dy as Tensor }) as Tensor };
    },
  });
}
