import { fileURLToPath } from 'node:url';
import type { Backend } from '../backend.js';
import { loadNative } from './load-native.js';
import type { NativeBackend } from './native-backend.js';

/** Works wherever this package is installed; from sources, the built package has it too. */
const remedy = `node ${fileURLToPath(new URL('./build/main.js', import.meta.url)).replace('/src/backends/', '/dist/backends/')}`;

export const tensorflowBackend: Backend = {
  open: async (tf, { threads = 1 } = {}) => {
    try {
      loadNative({ threads });
    } catch (cause) {
      throw new Error(`openBackend: the backend tensorflow must have a native package; ${(cause as Error).message}. Run ${remedy}, or use backend wasm.`, { cause });
    }
    await tf.setBackend('tensorflow');
    const { supplyNativeKernels, describeNative } = await import('./supply-kernels.js');
    supplyNativeKernels();
    return describeNative();
  },
  probe: async () => {
    // Quiet about its own copy of TensorFlow.js, which shares its registries with ours.
    const tf = await import('@tensorflow/tfjs-core');
    tf.enableProdMode();
    try {
      const loaded = loadNative({ threads: 1 });
      const { isUsingGpuDevice } = tf.findBackend('tensorflow') as NativeBackend;
      // On one core wasm trains as fast.
      return { isAvailable: true, isRecommended: isUsingGpuDevice, detail: `loaded from ${loaded}, on ${isUsingGpuDevice ? 'a GPU' : 'the CPU'}` };
    } catch (cause) {
      return { isAvailable: false, detail: (cause as Error).message, remedy };
    }
  },
};
