import { estimateMemory, largestBatch, wasmMemoryBytes, type EstimateOptions, type Layer } from '@memgeo/network';

/**
 * Refuses, before anything is trained, what the heap of WebAssembly can't hold: it would end the process.
 *
 * @throws RangeError that says how much is needed, and which batch would fit.
 */
export function checkWasmMemory(layers: readonly Layer[], options: EstimateOptions): void {
  const { bytes } = estimateMemory(layers, options);
  if (bytes <= wasmMemoryBytes) return;
  const batch = largestBatch(layers, options, wasmMemoryBytes);
  const gibibytes = (value: number): string => (value / 2 ** 30).toFixed(1);
  const remedy = batch === 0 ? 'No batchSize makes it fit; use a smaller network, or backend tensorflow or webgpu.' : `Use batchSize ${batch} or less, or backend tensorflow or webgpu.`;
  throw new RangeError(`batchSize must be small enough for the memory of backend wasm; with ${options.batchSize} training takes about ${gibibytes(bytes)} GiB, and there are ${gibibytes(wasmMemoryBytes)}. ${remedy}`);
}
