import type { ParameterShape } from './layer.js';
import { layersOf } from './layers.js';
import type { NetworkDescription } from './network-spec.js';

/**
 * A layer with weights and the normalization that follows it before the next one: what is set back together, and whose gradient is one.
 *
 * So a DenseNet's convolution has the normalization in front of the next, over the channels before it too; norm5 goes with the last.
 */
export type LayerGroup = {
  /** Name of the layer with weights, as in conv1, dense1, output. */
  readonly name: string;
  /** Counts layers with weights, from 1. */
  readonly index: number;
  /** Trainable parameters and running statistics. */
  readonly parameters: readonly ParameterShape[];
};

/** Lists the layers with weights in order, each with all its parameters. */
export function layerGroups(description: NetworkDescription): LayerGroup[] {
  const layers = layersOf(description).filter(({ parameters }) => parameters.length > 0);
  return [...new Set(layers.map(({ index }) => index))].map((index) => {
    const own = layers.filter((layer) => layer.index === index);
    return { name: own[0]!.name, index, parameters: own.flatMap(({ parameters }) => parameters) };
  });
}
