import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import type { Backend } from '../backend.js';

export const wasmBackend: Backend = {
  open: async (tf) => {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm')) + sep);
    await tf.setBackend('wasm');
    await tf.ready();
    const { supplyWasmKernels } = await import('./supply-kernels.js');
    supplyWasmKernels();
  },
  probe: () => Promise.resolve({ isAvailable: true, detail: 'TensorFlow.js in WebAssembly with SIMD, on one core, and our kernels' }),
};
