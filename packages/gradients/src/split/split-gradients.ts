import { layerGroups, trainableParameters, type Examples, type Network } from '@memgeo/network';
import { examplePools, type LabeledSet } from '../batches/example-pools.js';
import { gradientNorm, gradientProjection, gradientRatio, labelAlignment, unbiasedNorm } from '../measures/gradient-measures.js';
import type { Estimate } from '../measures/jackknife.js';
import { combineSums, type GradientSums, type ParameterRange } from './gradient-sums.js';
import { poolGradients, type PoolGradients } from './pool-gradients.js';

/** Name under which the gradient of all layers together is reported. */
export const allLayers = '(all layers)';

/** One measure of the gradient of a layer on a set. */
export type GradientMeasurement = {
  readonly layer: string;
  /** Depth over layers with weights, from 1; null for all together. */
  readonly layerIndex: number | null;
  readonly set: string;
  readonly measure: string;
  /** Null where there is none; the note says why. */
  readonly value: number | null;
  readonly standardError: number | null;
  readonly examples: number;
  readonly parameters: number;
  readonly note: string;
};

type Layer = { readonly name: string; readonly index: number | null; readonly parameters: number };
/** What one set has on one layer. */
type Measured = { readonly dependent: GradientSums; readonly independent: GradientSums; readonly pool: PoolGradients; readonly alignment: Estimate | null; readonly note: string };

/**
 * Splits the gradient of the cross-entropy, on each set and for each layer, into a part that depends on labels and one that does not.
 *
 * With y the one-hot label of the set, p the softmax of the logits z and n examples, G_dep = -(1/n) sum (y - 1/C) dz and
 * G_ind = (1/n) sum (p - 1/C) dz sum to the gradient. Gradients are taken in evaluation mode: batch normalization by its running statistics.
 * Follows the appendix of [stephenson2021geometry]; centering by 1/C is ours, and makes G_dep of labels without relation to the
 * images vanish as 1/sqrt(n) in every layer.
 *
 * @param sets  `unpermuted` and `permuted` are compared if both are there. Sets with the same images share passes.
 * @param options.isCentered  Whether 1/C is subtracted from y and p. Alignment and the unbiased norm need it. Default true.
 * @param options.examplesPerSet  Most examples of a set, in which labels keep their proportions. Default 2000.
 * @param options.batches  Batches that each set is divided into; errors come from leaving one out. Default 20.
 * @param options.probes  Random probes of the trace of the tangent kernel for each batch; 0 leaves out alignment. Default 1.
 * @param options.seed  Of the batches and probes. Default 1.
 * @param options.heldValues  Most gradient values held at once, in float32; fewer batches are made for large networks. Default 250e6.
 * @returns a measurement per layer, set and measure; in order of layers, all together last.
 * @throws RangeError if a gradient is not finite, or the same images stand in more than two sets.
 */
export async function splitGradients(
  network: Network, examples: Examples, sets: readonly LabeledSet[],
  options: {
    isCentered?: boolean; examplesPerSet?: number; batches?: number; probes?: number; seed?: number; heldValues?: number;
    onProgress?: (done: number, total: number, sets: string) => void;
  } = {},
): Promise<GradientMeasurement[]> {
  const { isCentered = true, examplesPerSet = 2000, probes = 1, seed = 1, heldValues = 250e6, onProgress } = options;
  const { parameters, layers, ranges } = await parametersByLayer(network);
  // Three gradients of each batch are held where two sets share their images.
  const batches = Math.min(options.batches ?? 20, Math.max(2, Math.floor(heldValues / (3 * parameters.length))));
  const pools = examplePools(sets, { examplesPerSet, batches, seed });
  const total = pools.reduce((sum, { indices }) => sum + indices.length, 0);
  const measured = new Map<string, Measured[]>();
  let done = 0;
  for (const pool of pools) {
    const names = pool.sets.map(({ set }) => set).join(' and ');
    const onExamples = (count: number) => onProgress?.(done += count, total, names);
    const gradients = withAllLayers(await poolGradients(network, examples, pool, { isCentered, probes: isCentered ? probes : 0, seed, parameters, ranges, onExamples }));
    const classes = network.description.classCount;
    for (const [s, { set, labels }] of pool.sets.entries()) {
      const note = isCentered ? imbalanceOf(labels, classes) : '';
      measured.set(set, layers.map((_, l) => ({
        dependent: gradients.dependent[s]![l]!, independent: gradients.independent[l]!, pool: gradients, note,
        alignment: labelAlignment(gradients.dependent[s]![l]!, { sizes: gradients.sizes, classes, probes: gradients.traces[l]! }),
      })));
    }
  }
  return layers.flatMap((layer, l) => [...measured].flatMap(([set, own]) =>
    measure(layer, { set, own: own[l]!, reference: set === 'permuted' ? measured.get('unpermuted')?.[l] : undefined, isCentered, hasProbes: isCentered && probes > 0 })));
}

async function parametersByLayer(network: Network): Promise<{ parameters: Float32Array; layers: Layer[]; ranges: ParameterRange[] }> {
  const values = new Map((await network.parameters()).map(({ name, data }) => [name, data]));
  const trainable = trainableParameters(network.layers);
  const parameters = new Float32Array(trainable.reduce((sum, { name }) => sum + values.get(name)!.length, 0));
  let end = 0;
  const layers: Layer[] = [];
  const ranges: ParameterRange[] = [];
  for (const { name, index, parameters: own } of layerGroups(network.description)) {
    const start = end;
    for (const parameter of own) {
      if (!parameter.isTrainable) continue;
      parameters.set(values.get(parameter.name)!, end);
      end += values.get(parameter.name)!.length;
    }
    layers.push({ name, index, parameters: end - start });
    ranges.push({ start, end });
  }
  return { parameters, layers: [...layers, { name: allLayers, index: null, parameters: end }], ranges };
}

function withAllLayers(pool: PoolGradients): PoolGradients {
  const add = (pick: 'squares') => pool.traces[0]![pick].map((_, batch) => pool.traces.reduce((sum, trace) => sum + trace[pick][batch]!, 0));
  return {
    sizes: pool.sizes,
    dependent: pool.dependent.map((sums) => [...sums, combineSums(sums)]),
    independent: [...pool.independent, combineSums(pool.independent)],
    traces: [...pool.traces, { squares: add('squares'), dimensions: pool.traces[0]!.dimensions }],
  };
}

/** A sum of squares of class excesses above this share of what it is for independent labels is worth a note. */
const noticeableImbalance = 0.1;

/** Says that classes are so unequal that centering by 1 / classes leaves part of the mean in the gradient. */
function imbalanceOf(labels: Int32Array, classes: number): string {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label]!++;
  const excess = counts.reduce((sum, count) => sum + (count - labels.length / classes) ** 2, 0);
  return excess > noticeableImbalance * labels.length * (1 - 1 / classes) ? 'classes are not equally frequent, so part of the label-dependent gradient is that of their frequencies' : '';
}

function measure(layer: Layer, work: { set: string; own: Measured; reference: Measured | undefined; isCentered: boolean; hasProbes: boolean }): GradientMeasurement[] {
  const { set, own: { dependent, independent, pool, alignment, note }, reference, isCentered, hasProbes } = work;
  const { sizes } = pool;
  const { parameters } = layer;
  const about = { layer: layer.name, layerIndex: layer.index, set, examples: sizes.reduce((sum, size) => sum + size, 0), parameters };
  const row = (name: string, estimate: Estimate | null, notes: string[]): GradientMeasurement => {
    const isKnown = estimate !== null && Number.isFinite(estimate.value);
    const error = isKnown && estimate.standardError !== null && Number.isFinite(estimate.standardError) ? estimate.standardError : null;
    const few = isKnown && error === null ? ['too few examples for a standard error'] : [];
    return { ...about, measure: name, value: isKnown ? estimate.value : null, standardError: error, note: [...notes, ...few].filter((text) => text !== '').join('; ') };
  };
  const dead = dependent.square === 0 ? 'no gradient reaches the layer' : '';
  const ratio = (name: string, pick: 'dependent' | 'independent') => {
    const isZero = reference![pick].square === 0;
    return row(name, isZero ? null : gradientRatio({ sums: pick === 'dependent' ? dependent : independent, sizes }, { sums: reference![pick], sizes: reference!.pool.sizes }), isZero ? ['the gradient of the unpermuted set is 0'] : []);
  };
  const unbiased = isCentered ? unbiasedNorm(dependent, { sizes, parameters }) : null;
  return [
    row('labelDependentNorm', gradientNorm(dependent, { sizes, parameters }), [note, dead]),
    ...(isCentered ? [row('labelDependentNormUnbiased', unbiased, unbiased === null ? ['too few examples'] : [note, unbiased.value < 0 ? 'the mean product of gradients of different examples is negative: not above 0 within its error' : ''])] : []),
    row('labelIndependentNorm', gradientNorm(independent, { sizes, parameters }), []),
    row('labelDependentProjection', gradientProjection(dependent, { sizes }), [note]),
    row('labelIndependentProjection', gradientProjection(independent, { sizes }), []),
    ...(hasProbes ? [row('alignment', alignment, [note, alignment === null ? dead || 'too few examples' : ''])] : []),
    ...(reference ? [ratio('labelDependentRatio', 'dependent'), ratio('labelIndependentRatio', 'independent')] : []),
  ];
}
