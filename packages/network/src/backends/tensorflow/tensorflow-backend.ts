import type { Backend } from '../backend.js';
import { loadNative } from './load-native.js';

const remedy = 'npm install @tensorflow/tfjs-node-gpu@4.22.0';

export const tensorflowBackend: Backend = {
  open: () => {
    try {
      loadNative();
      return Promise.resolve();
    } catch (cause) {
      return Promise.reject(new Error(`openBackend: the backend tensorflow must have a native package; ${(cause as Error).message}. Run ${remedy}, or use backend wasm.`));
    }
  },
  probe: () => {
    try {
      return Promise.resolve({ isAvailable: true, isRecommended: true, detail: `loaded from ${loadNative()}` });
    } catch (cause) {
      return Promise.resolve({ isAvailable: false, detail: (cause as Error).message, remedy });
    }
  },
};
