import { compiledKernels } from './compiled-kernels.js';

/** Functions of packages/network/kernels; addresses in bytes. */
export type KernelModule = {
  accumulateOuterProducts(a: number, aStride: number, b: number, bStride: number, rows: number, aCount: number, bCount: number, out: number): void;
  accumulateFilterGradient(
    input: number, outputGradient: number, filter: number, batch: number,
    inHeight: number, inWidth: number, inChannels: number, outHeight: number, outWidth: number, outChannels: number,
    filterHeight: number, filterWidth: number, strideHeight: number, strideWidth: number, padTop: number, padLeft: number,
  ): void;
  sumColumns(x: number, y: number, center: number, rows: number, columns: number, sumY: number, sumProduct: number): void;
  combineColumns(x: number, y: number, center: number, a: number, b: number, offset: number, rows: number, columns: number, out: number): void;
};

/** Links the compiled kernels to a memory, which they share with TensorFlow.js and never allocate from. */
export function instantiateKernels(memory: WebAssembly.Memory): KernelModule {
  const module = new WebAssembly.Module(Buffer.from(compiledKernels, 'base64'));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelModule;
}
