import type { NetworkDescription, NetworkSpec } from '../../src/index.js';

/** A description for square images. */
export function describeNetwork(spec: NetworkSpec, { side = 32, channels = 3, classCount = 10 }: { side?: number; channels?: number; classCount?: number } = {}): NetworkDescription {
  return { spec, inputShape: [side, side, channels], classCount, normalization: { mean: 0, standardDeviation: 1 } };
}
