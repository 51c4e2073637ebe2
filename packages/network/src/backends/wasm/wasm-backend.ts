import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import type { Backend } from '../backend.js';

const crashEvents = ['uncaughtException', 'unhandledRejection'];

export const wasmBackend: Backend = {
  open: async (tf) => {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm')) + sep);
    const before = crashEvents.map((event) => process.rawListeners(event));
    await tf.setBackend('wasm');
    await tf.ready();
    // It leaves listeners that throw again what nobody caught, so that Node would print a line of its code: all of it, for it is minified.
    crashEvents.forEach((event, i) => {
      for (const listener of process.rawListeners(event)) if (!before[i]!.includes(listener)) process.off(event, listener as () => void);
    });
    const { supplyWasmKernels } = await import('./supply-kernels.js');
    supplyWasmKernels();
  },
  probe: () => Promise.resolve({ isAvailable: true, detail: 'TensorFlow.js in WebAssembly with SIMD, on one core, and our kernels' }),
};
