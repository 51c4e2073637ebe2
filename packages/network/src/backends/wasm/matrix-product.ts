import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelModule } from './kernel-module.js';
import { replaceKernel } from '../replace-kernel.js';
import { addressOf, withScratch, type WasmBackend } from './tfjs-memory.js';

/** Rows that {@link KernelModule.multiplyTransposed} sums over at a time. */
const blockRows = 512;

/**
 * Replaces products of two float32 matrices. tfjs-backend-wasm 4.22.0 multiplies transposed ones, every gradient of a dense
 * layer, in a slow loop, and prepares the right factor of others anew at each step of training.
 */
export function replaceMatrixProducts(kernels: KernelModule): void {
  replaceKernel('BatchMatMul', 'wasm', (call, original) => {
    const { a, b } = call.inputs as { a: TensorInfo; b: TensorInfo };
    const { transposeA, transposeB } = call.attrs as unknown as { transposeA: boolean; transposeB: boolean };
    const isOne = (tensor: TensorInfo) => tensor.dtype === 'float32' && tensor.shape.slice(0, -2).every((size) => size === 1);
    if (!isOne(a) || !isOne(b) || a.shape.length !== b.shape.length || (transposeA && transposeB)) return original(call);
    const backend = call.backend as WasmBackend;
    const [m, k] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
    const n = transposeB ? b.shape.at(-2)! : b.shape.at(-1)!;
    const output = backend.makeOutput([...a.shape.slice(0, -2), m, n], 'float32');
    const [from, by, to] = [a, b, output].map((tensor) => addressOf(backend, tensor)) as [number, number, number];
    withScratch(backend, (transposeA ? Math.min(k, blockRows) * (n + 11) : 8 * k) + 32, (_, scratch) => {
      if (transposeA) kernels.multiplyTransposed(from, by, k, m, n, to, scratch);
      else kernels.multiply(from, by, m, k, n, transposeB ? 1 : 0, to, scratch);
    });
    return output;
  });
}
