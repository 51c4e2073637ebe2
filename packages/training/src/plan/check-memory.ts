import { estimateMemory, largestBatch, wasmMemoryBytes, type EstimateOptions, type Layer } from '@memgeo/network';

/**
 * Refuses, before anything is trained, what the heap of WebAssembly can't hold: it would end the process. Each worker has a heap and its part of the batch.
 *
 * @throws RangeError that says how much is needed, and which batch would fit.
 */
export function checkWasmMemory(layers: readonly Layer[], { workers, ...options }: EstimateOptions & { workers: number }): void {
  const { bytes } = estimateMemory(layers, { ...options, batchSize: Math.ceil(options.batchSize / workers) });
  if (bytes <= wasmMemoryBytes) return;
  const batch = workers * largestBatch(layers, options, wasmMemoryBytes);
  const gibibytes = (value: number): string => (value / 2 ** 30).toFixed(1);
  const remedy = batch === 0 ? 'No batchSize makes it fit; use a smaller network, or backend tensorflow or webgpu.' : `Use batchSize ${batch} or less, or backend tensorflow or webgpu.`;
  throw new RangeError(`batchSize must be small enough for the memory of backend wasm; with ${options.batchSize} ${workers === 1 ? 'training' : `each of ${workers} workers`} takes about ${gibibytes(bytes)} GiB, and there are ${gibibytes(wasmMemoryBytes)}. ${remedy}`);
}
