import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOfShape } from '../../description/shapes.js';

/** What we need of tfjs-backend-wasm 4.22.0 beyond its public interface. */
export type WasmBackend = KernelBackend & {
  readonly wasm: { readonly HEAPF32: Float32Array; readonly asm: { readonly memory: WebAssembly.Memory } };
  readonly dataIdMap: { get(id: object): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: 'float32' | 'int32' | 'bool'): TensorInfo;
  incRef(id: object): void;
};

/** Address of a tensor in the memory of TensorFlow.js, in bytes. */
export function addressOf(backend: WasmBackend, tensor: TensorInfo): number {
  return backend.dataIdMap.get(tensor.dataId).memoryOffset;
}

/**
 * A float32 tensor as it lies in the memory. Valid until something else is allocated.
 */
export function viewOf(backend: WasmBackend, tensor: TensorInfo): Float32Array {
  const start = addressOf(backend, tensor) / 4;
  return backend.wasm.HEAPF32.subarray(start, start + sizeOf(tensor));
}

/** Number of elements. */
export function sizeOf({ shape }: TensorInfo): number {
  return sizeOfShape(shape);
}

/**
 * Runs work on temporary memory that is given back afterwards.
 *
 * @param size  In float32 values.
 * @param work  Gets the tensor that holds the memory, and the first address in it that is a multiple of 16.
 */
export function withScratch<T>(backend: WasmBackend, size: number, work: (scratch: TensorInfo, address: number) => T): T {
  const scratch = backend.makeOutput([size + 3], 'float32');
  try {
    return work(scratch, Math.ceil(addressOf(backend, scratch) / 16) * 16);
  } finally {
    backend.disposeData(scratch.dataId);
  }
}
