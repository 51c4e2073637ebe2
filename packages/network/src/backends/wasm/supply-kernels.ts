import { backend } from '@tensorflow/tfjs-core';
import { registerBatchNorm } from './batch-norm-kernels.js';
import { registerFilterGradient, replaceConvolution, replaceInputGradient } from './convolution-kernels.js';
import { registerReluGradient, replaceCopies, replaceSumsOverRows } from './elementwise-kernels.js';
import { instantiateKernels } from './kernel-module.js';
import { replaceMatrixProducts } from './matrix-product.js';
import { replaceMaxPoolGradient } from './max-pool-gradient.js';
import { registerOptimizerSteps } from './optimizer-kernels.js';
import type { WasmBackend } from './tfjs-memory.js';

/** Makes the open wasm backend able to train networks. */
export function supplyWasmKernels(): void {
  const kernels = instantiateKernels((backend() as WasmBackend).wasm.asm.memory);
  replaceConvolution(kernels);
  registerFilterGradient(kernels);
  replaceInputGradient(kernels);
  replaceMatrixProducts(kernels);
  replaceMaxPoolGradient(kernels);
  registerBatchNorm(kernels);
  replaceCopies();
  replaceSumsOverRows(kernels);
  registerReluGradient(kernels);
  registerOptimizerSteps(kernels);
}
