import type { BackendName } from '../backends/open-backend.js';
import { forwardFlops } from '../description/forward-flops.js';
import { layersOf } from '../description/layers.js';
import type { NetworkDescription } from '../description/network-spec.js';

/** Backends on which threads can share the work of training. */
export const threadedBackends: readonly BackendName[] = ['wasm', 'tensorflow'];

/** Operations of a forward pass of a batch from which on two threads gain more than they wait for each other. */
const leastBatchFlops = 6e8;

/**
 * Chooses how many threads train a network.
 *
 * By sizes alone, never by the machine: the number decides the last bits of the result. Two for convolutional networks on wasm and tensorflow, if a batch is
 * worth it; a dense network spends its time on the update, which every thread of wasm takes.
 */
export function chooseWorkers(description: NetworkDescription, { backend, batchSize }: { backend: BackendName; batchSize: number }): number {
  if (!threadedBackends.includes(backend) || !layersOf(description).some(({ kind }) => kind === 'convolution')) return 1;
  return forwardFlops(description).total * batchSize >= leastBatchFlops ? 2 : 1;
}
