import { registerKernel, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import { batchNormGradientKernel, batchNormKernel, normEpsilon } from '../batch-norm.js';
import { overAllParts } from './batch-parts.js';
import type { KernelModule } from './kernel-module.js';
import { addressOf, viewOf, withScratch, type WasmBackend } from './tfjs-memory.js';

/** Float32 values of scratch memory per column: two float64 and three float32 vectors. */
const scratchPerColumn = 7;

/** Registers batch normalization and its gradient as two passes over the data each. Both go over all parts of a batch that threads divide. */
export function registerBatchNorm(kernels: KernelModule): void {
  const register = (kernelName: string, kernelFunc: (inputs: { [name: string]: TensorInfo }, backend: WasmBackend) => TensorInfo[]) => {
    const config: KernelConfig = {
      kernelName,
      backendName: 'wasm',
      kernelFunc: ({ inputs, backend }) => kernelFunc(inputs as { [name: string]: TensorInfo }, backend as WasmBackend),
    };
    registerKernel(config);
  };

  register(batchNormKernel, ({ x, scale, offset }, backend) => {
    const [rows, columns] = x!.shape as [number, number];
    const outputs = [backend.makeOutput([rows, columns], 'float32'), backend.makeOutput([columns], 'float32'), backend.makeOutput([columns], 'float32')] as const;
    withScratch(backend, scratchPerColumn * columns, (scratch) => {
      const [output, mean, variance] = outputs;
      const { sums, products, factors: [zero, factor] } = divide(backend, scratch, columns);
      const at = (tensor: TensorInfo) => addressOf(backend, tensor);
      zero.values.fill(0);
      kernels.sumColumns(at(x!), at(x!), zero.address, rows, columns, sums.address, products.address);
      const [meanView, varianceView, scaleView] = [mean, variance, scale!].map((tensor) => viewOf(backend, tensor)) as [Float32Array, Float32Array, Float32Array];
      for (let c = 0; c < columns; c++) meanView[c] = sums.values[c]! / rows;
      kernels.sumColumns(at(x!), at(x!), at(mean), rows, columns, sums.address, products.address);
      // sum x^2 = sum (x - m) x + m sum x; about a center near the mean, float32 sums lose nothing, and float64 can take the center out again.
      for (let c = 0; c < columns; c++) products.values[c]! += meanView[c]! * sums.values[c]!;
      const whole = overAllParts([sums.values, products.values], rows);
      for (let c = 0; c < columns; c++) {
        const center = whole.sums[0]![c]! / whole.rows;
        meanView[c] = center;
        varianceView[c] = Math.max(0, whole.sums[1]![c]! / whole.rows - center ** 2);
        factor.values[c] = scaleView[c]! / Math.sqrt(varianceView[c]! + normEpsilon);
      }
      kernels.combineColumns(at(x!), at(x!), at(mean), zero.address, factor.address, at(offset!), rows, columns, at(output));
    });
    return [...outputs];
  });

  register(batchNormGradientKernel, ({ dy, x, scale, mean, variance }, backend) => {
    const [rows, columns] = x!.shape as [number, number];
    const outputs = [backend.makeOutput([rows, columns], 'float32'), backend.makeOutput([columns], 'float32'), backend.makeOutput([columns], 'float32')] as const;
    withScratch(backend, scratchPerColumn * columns, (scratch) => {
      const [xGradient, scaleGradient, offsetGradient] = outputs;
      const { sums, products, factors: [onGradient, onInput, constant] } = divide(backend, scratch, columns);
      const at = (tensor: TensorInfo) => addressOf(backend, tensor);
      kernels.sumColumns(at(x!), at(dy!), at(mean!), rows, columns, sums.address, products.address);
      const [scaleView, varianceView, dScale, dOffset] = [scale!, variance!, scaleGradient, offsetGradient].map((tensor) => viewOf(backend, tensor)) as
        [Float32Array, Float32Array, Float32Array, Float32Array];
      const whole = overAllParts([sums.values, products.values], rows);
      for (let c = 0; c < columns; c++) {
        const inverse = 1 / Math.sqrt(varianceView[c]! + normEpsilon);
        dOffset[c] = sums.values[c]!;
        dScale[c] = products.values[c]! * inverse;
        onGradient.values[c] = scaleView[c]! * inverse;
        onInput.values[c] = (-scaleView[c]! * inverse ** 3 * whole.sums[1]![c]!) / whole.rows;
        constant.values[c] = (-scaleView[c]! * inverse * whole.sums[0]![c]!) / whole.rows;
      }
      kernels.combineColumns(at(x!), at(dy!), at(mean!), onGradient.address, onInput.address, constant.address, rows, columns, at(xGradient));
    });
    return [...outputs];
  });
}

type Part<T> = { readonly address: number; readonly values: T };

/** Divides scratch memory into two float64 and three float32 vectors. */
function divide(backend: WasmBackend, scratch: TensorInfo, columns: number): {
  sums: Part<Float64Array>; products: Part<Float64Array>; factors: [Part<Float32Array>, Part<Float32Array>, Part<Float32Array>];
} {
  const { buffer } = backend.wasm.HEAPF32;
  const start = Math.ceil(addressOf(backend, scratch) / 8) * 8;
  const wide = (i: number) => ({ address: start + 8 * columns * i, values: new Float64Array(buffer, start + 8 * columns * i, columns) });
  const narrow = (i: number) => ({ address: start + 16 * columns + 4 * columns * i, values: new Float32Array(buffer, start + 16 * columns + 4 * columns * i, columns) });
  return { sums: wide(0), products: wide(1), factors: [narrow(0), narrow(1), narrow(2)] };
}
