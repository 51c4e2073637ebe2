import { registerKernel, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';
import { batchNormGradientKernel, batchNormKernel, normEpsilon } from '../batch-norm.js';
import { joinMoments, overAllParts } from './batch-parts.js';
import type { KernelModule } from './kernel-module.js';
import { addressOf, viewOf, withScratch, type WasmBackend } from './tfjs-memory.js';

/** Float32 values of scratch memory per column: two float64 and five float32 vectors. */
const scratchPerColumn = 9;
/** Rows from which the center is estimated that deviations are taken from. */
const firstRows = 128;
/** Largest ratio of the squared distance between that center and the mean to the variance at which the variance is exact to 1e-6. */
const largestOffset = 8;

type Inputs = { readonly [name in 'x' | 'scale' | 'offset' | 'dy' | 'mean' | 'variance']: TensorInfo };

/** Registers batch normalization, perhaps with a rectifier, and its gradient: two passes over the data each. Both go over all parts of a batch that threads divide. */
export function registerBatchNorm(kernels: KernelModule): void {
  const register = (kernelName: string, kernelFunc: (inputs: Inputs, backend: WasmBackend, isRectified: number) => TensorInfo[]) => registerKernel({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => kernelFunc(inputs as unknown as Inputs, backend as WasmBackend, (attrs as NamedAttrMap)['isRectified'] ? 1 : 0),
  });

  register(batchNormKernel, ({ x, scale, offset }, backend, isRectified) => {
    const [rows, columns] = x.shape as [number, number];
    const outputs = makeOutputs(backend, rows, columns);
    const [output, mean, variance] = outputs;
    withScratch(backend, scratchPerColumn * columns, (_, scratch) => {
      const { sums, products, parts, vectors: [factor] } = divide(backend, scratch, columns);
      const at = (tensor: TensorInfo) => addressOf(backend, tensor);
      const [means, variances, scales] = [mean, variance, scale].map((tensor) => viewOf(backend, tensor)) as [Float32Array, Float32Array, Float32Array];
      const first = Math.min(firstRows, rows);
      kernels.sumRows(at(x), first, columns, sums.address, at(mean));
      for (let c = 0; c < columns; c++) means[c]! /= first;
      // From a center near the mean one pass gives both moments; the second time it is the mean but for rounding.
      for (let isFar = true, pass = 0; isFar && pass < 2; pass++) {
        kernels.sumDeviations(at(x), at(mean), rows, columns, sums.address, products.address, parts);
        isFar = false;
        for (let c = 0; c < columns; c++) {
          const shift = sums.values[c]! / rows;
          variances[c] = Math.max(0, products.values[c]! / rows - shift ** 2);
          if (shift ** 2 > largestOffset * variances[c]!) isFar = true;
          means[c]! += shift;
        }
      }
      joinMoments(means, variances, rows);
      for (let c = 0; c < columns; c++) factor.values[c] = scales[c]! / Math.sqrt(variances[c]! + normEpsilon);
      kernels.normalizeColumns(at(x), at(mean), factor.address, at(offset), rows, columns, isRectified, at(output));
    });
    return [...outputs];
  });

  register(batchNormGradientKernel, ({ dy, x, scale, offset, mean, variance }, backend, isRectified) => {
    const [rows, columns] = x.shape as [number, number];
    const outputs = makeOutputs(backend, rows, columns);
    const [xGradient, scaleGradient, offsetGradient] = outputs;
    withScratch(backend, scratchPerColumn * columns, (_, scratch) => {
      const { sums, products, parts, vectors: [factor, onInput, constant] } = divide(backend, scratch, columns);
      const at = (tensor: TensorInfo) => addressOf(backend, tensor);
      const [scales, variances, dScale, dOffset] = [scale, variance, scaleGradient, offsetGradient].map((tensor) => viewOf(backend, tensor)) as
        [Float32Array, Float32Array, Float32Array, Float32Array];
      for (let c = 0; c < columns; c++) factor.values[c] = scales[c]! / Math.sqrt(variances[c]! + normEpsilon);
      kernels.sumGradients(at(x), at(dy), at(mean), factor.address, at(offset), rows, columns, isRectified, sums.address, products.address, parts);
      const whole = overAllParts([sums.values, products.values], rows);
      for (let c = 0; c < columns; c++) {
        const inverse = 1 / Math.sqrt(variances[c]! + normEpsilon);
        dOffset[c] = sums.values[c]!;
        dScale[c] = products.values[c]! * inverse;
        onInput.values[c] = (-scales[c]! * inverse ** 3 * whole.sums[1]![c]!) / whole.rows;
        constant.values[c] = (-scales[c]! * inverse * whole.sums[0]![c]!) / whole.rows;
      }
      kernels.normalizedGradient(at(x), at(dy), at(mean), factor.address, at(offset), onInput.address, constant.address, rows, columns, isRectified, at(xGradient));
    });
    return [...outputs];
  });
}

function makeOutputs(backend: WasmBackend, rows: number, columns: number): [TensorInfo, TensorInfo, TensorInfo] {
  return [backend.makeOutput([rows, columns], 'float32'), backend.makeOutput([columns], 'float32'), backend.makeOutput([columns], 'float32')];
}

type Part<T> = { readonly address: number; readonly values: T };

/** Divides scratch memory into two float64 vectors, room for two float32 vectors, and three float32 vectors. */
function divide(backend: WasmBackend, start: number, columns: number): {
  sums: Part<Float64Array>; products: Part<Float64Array>; parts: number; vectors: [Part<Float32Array>, Part<Float32Array>, Part<Float32Array>];
} {
  const { buffer } = backend.wasm.HEAPF32;
  const wide = (i: number) => ({ address: start + 8 * columns * i, values: new Float64Array(buffer, start + 8 * columns * i, columns) });
  const narrow = (i: number) => ({ address: start + 24 * columns + 4 * columns * i, values: new Float32Array(buffer, start + 24 * columns + 4 * columns * i, columns) });
  return { sums: wide(0), products: wide(1), parts: start + 16 * columns, vectors: [narrow(0), narrow(1), narrow(2)] };
}
