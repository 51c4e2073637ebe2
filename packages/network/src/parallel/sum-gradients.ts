import * as tf from '@tensorflow/tfjs-core';
import { viewOf, type WasmBackend } from '../backends/wasm/tfjs-memory.js';
import type { Exchange } from './exchange.js';

/** Replaces tensors of the wasm backend by their sums over all threads, where they lie. */
export function sumGradients(gradients: Iterable<tf.Tensor>, exchange: Exchange): void {
  const backend = tf.backend() as WasmBackend;
  // Two tensors may share their values, which must be summed once.
  const distinct = new Map<object, Float32Array>();
  for (const gradient of gradients) distinct.set(gradient.dataId, viewOf(backend, gradient));
  exchange.sum(...distinct.values());
}
