import * as tf from '@tensorflow/tfjs-core';
import { viewOf, type WasmBackend } from '../backends/wasm/tfjs-memory.js';
import type { Exchange } from './exchange.js';

/** Replaces tensors of the wasm backend by their sums over all threads, where they lie. */
export function sumGradients(gradients: Iterable<tf.Tensor>, exchange: Exchange): void {
  const backend = tf.backend() as WasmBackend;
  // Two tensors may share their values, which must be summed once.
  const summed = new Set<object>();
  for (const gradient of gradients) {
    if (summed.has(gradient.dataId)) continue;
    summed.add(gradient.dataId);
    exchange.sum(viewOf(backend, gradient));
  }
}
