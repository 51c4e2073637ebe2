import { logitGradients, tapeValues, type Examples, type Network } from '@memgeo/network';
import { randomStream } from '@memgeo/numerics';
import type { ExamplePool } from '../batches/example-pools.js';
import type { TraceProbes } from '../measures/gradient-measures.js';
import { labelCotangent, probeCotangent, softmaxCotangent } from './cotangents.js';
import { gradientSums, type GradientSums, type ParameterRange } from './gradient-sums.js';

/** Most images in one pass through the network; beyond that it is no faster. */
const mostInPass = 96;
/** Most float32 values that a pass holds, some 1.6 GB, which a pass of fewer images keeps to. */
const passValues = 400e6;

export type PoolOptions = { readonly isCentered: boolean; readonly probes: number; readonly seed: number };
export type PoolGradients = {
  /** Examples in each batch. */
  readonly sizes: readonly number[];
  /** By set and layer: the label-dependent part. */
  readonly dependent: readonly (readonly GradientSums[])[];
  /** By layer: the label-independent part, which sets with the same images share. */
  readonly independent: readonly GradientSums[];
  /** By layer; of dimension 0 without probes. */
  readonly traces: readonly TraceProbes[];
};

/**
 * Runs the images of a pool and sums both parts of the gradient over each batch.
 *
 * Gradients of all batches are held at once, in float32: (sets + 1) x batches x parameters values.
 *
 * @param parameters  Every trainable parameter, flattened.
 * @param onExamples  Called after each pass with the number of images run in it.
 * @throws RangeError if a gradient is not finite.
 */
export async function poolGradients(
  network: Network, examples: Examples, pool: ExamplePool, work: PoolOptions & { readonly parameters: Float32Array; readonly ranges: readonly ParameterRange[]; readonly onExamples?: (count: number) => void },
): Promise<PoolGradients> {
  const { isCentered, probes, seed, parameters, ranges, onExamples } = work;
  const classes = network.description.classCount;
  const center = isCentered ? 1 / classes : 0;
  const parts = pool.sets.length + 1;
  const passSize = Math.max(1, Math.min(mostInPass, Math.floor(passValues / tapeValues(network.layers))));
  const held = Array.from({ length: parts }, () => pool.batches.map(() => new Float32Array(parameters.length)));
  const traces = ranges.map(() => ({ squares: new Float64Array(pool.batches.length), dimensions: new Float64Array(pool.batches.length) }));
  for (const [batch, positions] of pool.batches.entries()) {
    const passes = Math.ceil(positions.length / passSize);
    for (let pass = 0; pass < passes; pass++) {
      const chosen = positions.subarray(Math.floor((pass * positions.length) / passes), Math.floor(((pass + 1) * positions.length) / passes));
      const random = randomStream(seed, 'gradients/split', 'probes', ...pool.sets.map(({ set }) => set), batch, pass);
      const gradients = await logitGradients(network, examples, chosen.map((position) => pool.indices[position]!), (logits) => {
        return [
          ...pool.sets.map(({ labels }) => labelCotangent(chosen.map((position) => labels[position]!), { classes, center })),
          softmaxCotangent(logits, { classes, center }),
          ...Array.from({ length: probes }, () => probeCotangent(chosen.length, classes, random)),
        ];
      });
      gradients.slice(0, parts).forEach((gradient, part) => addTo(held[part]![batch]!, gradient));
      for (const gradient of gradients.slice(parts)) addProbe(traces, { gradient, ranges, batch, dimensions: (chosen.length - 1) * (classes - 1) });
      onExamples?.(chosen.length);
    }
  }
  const sums = held.map((gradients) => gradientSums(gradients, parameters, ranges));
  if (!sums.flat().every(({ square }) => Number.isFinite(square))) {
    throw new RangeError(`splitGradients: every logit and gradient must be finite; on ${pool.sets.map(({ set }) => set).join(' and ')} one is not. Analyze an epoch before training diverged.`);
  }
  return { sizes: pool.batches.map(({ length }) => length), dependent: sums.slice(0, -1), independent: sums.at(-1)!, traces };
}

function addTo(target: Float32Array, values: Float32Array): void {
  for (let i = 0; i < values.length; i++) target[i]! += values[i]!;
}

function addProbe(traces: readonly TraceProbes[], { gradient, ranges, batch, dimensions }: { gradient: Float32Array; ranges: readonly ParameterRange[]; batch: number; dimensions: number }): void {
  for (const [layer, { start, end }] of ranges.entries()) {
    let square = 0;
    for (let i = start; i < end; i++) square += gradient[i]! * gradient[i]!;
    traces[layer]!.squares[batch]! += square;
    traces[layer]!.dimensions[batch]! += dimensions;
  }
}
