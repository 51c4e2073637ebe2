import { compiledKernels } from './compiled-kernels.js';

/** Functions of packages/network/kernels; addresses in bytes. */
export type KernelModule = {
  accumulateFilterGradient(
    input: number, outputGradient: number, filter: number, batch: number,
    inHeight: number, inWidth: number, inChannels: number, outHeight: number, outWidth: number, outChannels: number,
    filterHeight: number, filterWidth: number, strideHeight: number, strideWidth: number, padTop: number, padLeft: number,
  ): void;
  filterGradient(
    input: number, outputGradient: number, filter: number, batch: number,
    inHeight: number, inWidth: number, inChannels: number, outHeight: number, outWidth: number, outChannels: number,
    filterHeight: number, filterWidth: number, strideHeight: number, strideWidth: number, padTop: number, padLeft: number, scratch: number,
  ): void;
  transformFilter(filter: number, inChannels: number, outChannels: number, out: number): void;
  convolveByTiles(
    input: number, filter: number, out: number, batch: number, inHeight: number, inWidth: number, inChannels: number,
    outHeight: number, outWidth: number, outChannels: number, padTop: number, padLeft: number, chunk: number, scratch: number, bias: number, isRectified: number,
  ): void;
  filterGradientByTiles(
    input: number, outputGradient: number, out: number, batch: number, inHeight: number, inWidth: number, inChannels: number,
    outHeight: number, outWidth: number, outChannels: number, padTop: number, padLeft: number, chunk: number, scratch: number,
  ): void;
  turnFilter(filter: number, taps: number, inChannels: number, outChannels: number, out: number): void;
  convolveBack(
    outputGradient: number, filter: number, inputGradient: number, batch: number,
    inHeight: number, inWidth: number, inChannels: number, outHeight: number, outWidth: number, outChannels: number,
    filterHeight: number, filterWidth: number, strideHeight: number, strideWidth: number, padTop: number, padLeft: number, scratch: number,
  ): void;
  multiply(a: number, b: number, m: number, k: number, n: number, isTransposed: number, out: number, scratch: number): void;
  multiplyTransposed(a: number, b: number, k: number, m: number, n: number, out: number, scratch: number): void;
  sumRows(x: number, rows: number, columns: number, wideSums: number, sums: number): void;
  rectifiedGradient(y: number, dy: number, count: number, out: number): void;
  descend(
    parameter: number, gradient: number, velocity: number, count: number, rate: number, momentum: number, decay: number, isNesterov: number, outParameter: number, outVelocity: number,
  ): void;
  descendAdaptively(
    parameter: number, gradient: number, first: number, second: number, count: number,
    rate: number, beta1: number, rest1: number, beta2: number, rest2: number, epsilon: number, keep: number, inverse: number, outParameter: number, outFirst: number, outSecond: number,
  ): void;
  routeMaximaOf2x2(x: number, dy: number, dx: number, batch: number, inHeight: number, inWidth: number, channels: number): void;
  routeMaxima(
    x: number, dy: number, dx: number, batch: number, inHeight: number, inWidth: number, channels: number, outHeight: number, outWidth: number,
    filterHeight: number, filterWidth: number, strideHeight: number, strideWidth: number, padTop: number, padLeft: number,
  ): void;
  sumDeviations(x: number, center: number, rows: number, columns: number, sums: number, squares: number, parts: number): void;
  normalizeColumns(x: number, center: number, factor: number, offset: number, rows: number, columns: number, isRectified: number, out: number): void;
  sumGradients(
    x: number, dy: number, center: number, factor: number, offset: number, rows: number, columns: number, isRectified: number, sums: number, products: number, parts: number,
  ): void;
  normalizedGradient(
    x: number, dy: number, center: number, factor: number, offset: number, onInput: number, constant: number, rows: number, columns: number, isRectified: number, out: number,
  ): void;
};

/** Links the compiled kernels to a memory, which they share with TensorFlow.js and never allocate from. */
export function instantiateKernels(memory: WebAssembly.Memory): KernelModule {
  const module = new WebAssembly.Module(Buffer.from(compiledKernels, 'base64'));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelModule;
}
