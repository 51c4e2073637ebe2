import type { Backend } from '../backend.js';

export const cpuBackend: Backend = {
  open: async () => {
    await import('@tensorflow/tfjs-backend-cpu');
  },
  probe: () => Promise.resolve({ isAvailable: true, detail: 'plain JavaScript, some hundred times slower than wasm: for checks only' }),
};
