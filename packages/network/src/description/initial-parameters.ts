import { randomStream } from '@memgeo/numerics';
import { initializationSchema, type Initialization } from './initialization-spec.js';
import type { Fans } from './layer.js';
import { layersOf } from './layers.js';
import type { NetworkDescription } from './network-spec.js';
import { sizeOfShape } from './shapes.js';

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
 * By default hidden weights are normal with variance 2 / inputs [he2015delving], output weights with variance 1 / inputs; biases and
 * offsets are 0. `spec.initialization` has others [glorot2010understanding]. Each parameter has its own stream, so that a change of
 * one layer leaves the others as they were.
 */
export function initialParameters(description: NetworkDescription, seed: number): NamedParameter[] {
  const { weights, scale, outputScale } = initializationSchema.parse(description.spec.initialization ?? {});
  return layersOf(description).flatMap((layer) => {
    const fans = layer.parameters.find(({ random }) => random !== undefined)?.random;
    return layer.parameters.map(({ name, shape, random, start }) => {
      const data = new Float32Array(sizeOfShape(shape));
      const isRandom = random !== undefined || (weights === 'pytorch' && fans !== undefined);
      if (isRandom) draw(data, { weights, fans: fans!, multiplier: layer.name === 'output' ? outputScale : scale, stream: randomStream(seed, 'network', name) });
      else data.fill(start ?? 0);
      return { name, layer: layer.name, shape, data };
    });
  });
}

function draw(data: Float32Array, { weights, fans, multiplier, stream }: { weights: Initialization['weights']; fans: Fans; multiplier: number; stream: ReturnType<typeof randomStream> }): void {
  const variance = varianceOf(weights, fans);
  if (weights === 'he-normal' || weights === 'glorot-normal') {
    const deviation = Math.sqrt(variance) * multiplier;
    stream.fillNormal(data);
    for (let i = 0; i < data.length; i++) data[i]! *= deviation;
  } else {
    const limit = Math.sqrt(3 * variance) * multiplier;
    for (let i = 0; i < data.length; i++) data[i] = limit * (2 * stream.nextUniform() - 1);
  }
}

function varianceOf(weights: Initialization['weights'], { fanIn, fanOut, hasRelu }: Fans): number {
  switch (weights) {
    case 'he-normal':
    case 'he-uniform': return (hasRelu ? 2 : 1) / fanIn;
    case 'glorot-normal':
    case 'glorot-uniform': return 2 / (fanIn + fanOut);
    case 'pytorch': return 1 / (3 * fanIn);
  }
}
