import { randomStream } from '@memgeo/numerics';
import { layersOf } from './layers.js';
import type { NetworkDescription } from './network-spec.js';

/** A parameter or running statistic. */
export type NamedParameter = {
  /** As in conv1.kernel or dense1.norm.mean. */
  readonly name: string;
  readonly layer: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
};

/**
 * Draws the parameters of an untrained network.
 *
 * Hidden weights are normal with variance 2 / inputs [he2015delving], output weights with variance 1 / inputs; biases and
 * offsets are 0. Each parameter has its own stream, so that a change of one layer leaves the others as they were.
 */
export function initialParameters(description: NetworkDescription, seed: number): NamedParameter[] {
  return layersOf(description).flatMap((layer) => layer.parameters.map(({ name, shape, fanIn, start }) => {
    const data = new Float32Array(shape.reduce((total, size) => total * size, 1));
    if (fanIn === undefined) data.fill(start ?? 0);
    else {
      const scale = Math.sqrt((layer.name === 'output' ? 1 : 2) / fanIn);
      randomStream(seed, 'network', name).fillNormal(data);
      for (let i = 0; i < data.length; i++) data[i]! *= scale;
    }
    return { name, layer: layer.name, shape, data };
  }));
}
