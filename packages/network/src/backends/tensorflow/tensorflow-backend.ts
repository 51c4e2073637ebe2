import { fileURLToPath } from 'node:url';
import type { Backend } from '../backend.js';
import { loadNative } from './load-native.js';

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
    (await import('@tensorflow/tfjs-core')).enableProdMode();
    try {
      return { isAvailable: true, isRecommended: true, detail: `loaded from ${loadNative({ threads: 1 })}` };
    } catch (cause) {
      return { isAvailable: false, detail: (cause as Error).message, remedy };
    }
  },
};
