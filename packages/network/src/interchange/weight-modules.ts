import type { NamedParameter } from '../description/initial-parameters.js';
import { imagesName, type Layer } from '../description/layer.js';
import { layersOf } from '../description/layers.js';
import type { NetworkDescription } from '../description/network-spec.js';

/** A parameter here and in PyTorch. */
export type WeightSlot = {
  readonly parameter: Omit<NamedParameter, 'data'>;
  /** As in weight, bias, running_mean. */
  readonly suffix: string;
  /** Its shape in PyTorch. */
  readonly torchShape: readonly number[];
  /** Of a kernel: height, width, inputs, units. */
  readonly kernel?: KernelSize;
};
export type KernelSize = readonly [height: number, width: number, inputs: number, units: number];

/** A step with weights: a module of PyTorch. */
export type WeightModule = {
  readonly layer: string;
  readonly isNorm: boolean;
  readonly slots: readonly WeightSlot[];
  /** The normalization that takes in a layer without a bias: a bias in the file moves its mean. */
  readonly norm?: string;
};

const normSuffixes: { readonly [ours: string]: string } = { scale: 'weight', offset: 'bias', mean: 'running_mean', variance: 'running_var' };

/** The steps with weights, in order, with the shapes that they have in PyTorch. */
export function weightModules(description: NetworkDescription): WeightModule[] {
  const layers = layersOf(description);
  const shapes = new Map<string, readonly number[]>([[imagesName, description.inputShape], ...layers.map(({ name, shape }) => [name, shape] as const)]);
  return layers.filter(({ parameters }) => parameters.length > 0).map((layer) => {
    const consumers = layers.filter(({ inputs }) => inputs.includes(layer.name));
    const norm = layer.parameters.length === 1 && consumers.length === 1 && consumers[0]!.kind === 'norm' ? consumers[0]!.name : undefined;
    return { layer: layer.name, isNorm: layer.kind === 'norm', slots: slotsOf(layer, shapes.get(layer.inputs[0]!)!), ...(norm === undefined ? {} : { norm }) };
  });
}

function slotsOf(layer: Layer, inputShape: readonly number[]): WeightSlot[] {
  return layer.parameters.map(({ name, shape }) => {
    const parameter = { name, layer: layer.name, shape };
    const ours = name.slice(layer.name.length + 1);
    if (ours !== 'kernel') return { parameter, suffix: normSuffixes[ours] ?? ours, torchShape: shape };
    const kernel = kernelSize(layer, shape, inputShape);
    const [height, width, inputs, units] = kernel;
    return { parameter, suffix: 'weight', torchShape: layer.kind === 'dense' ? [units, inputs * height * width] : [units, inputs, height, width], kernel };
  });
}

/** A dense layer on an image is a convolution as large as the image. */
function kernelSize(layer: Layer, shape: readonly number[], inputShape: readonly number[]): KernelSize {
  if (layer.kind !== 'dense') return shape as unknown as KernelSize;
  const [height, width, channels] = inputShape.length === 3 ? inputShape : [1, 1, inputShape[0]!];
  return [height!, width!, channels!, shape[1]!];
}

/** A kernel (units, inputs, height, width) as (height, width, inputs, units). */
export function kernelFromTorch(theirs: Float32Array, [height, width, inputs, units]: KernelSize): Float32Array {
  const ours = new Float32Array(theirs.length);
  for (let first = 0; first < units; first += block) moveBlock(ours, theirs, { first, last: Math.min(units, first + block), inputs, area: height * width, units });
  return ours;
}

/** A kernel (height, width, inputs, units) as (units, inputs, height, width). */
export function kernelToTorch(ours: Float32Array, [height, width, inputs, units]: KernelSize): Float32Array {
  const theirs = new Float32Array(ours.length);
  // Places (area, inputs, units) become (units, inputs, area): the same movement with area and units exchanged.
  const area = height * width;
  for (let first = 0; first < area; first += block) moveBlock(theirs, ours, { first, last: Math.min(area, first + block), inputs, area: units, units: area });
  return theirs;
}

/** Places gone through together, so that both sides are met in runs. */
const block = 16;

/** Moves (units, inputs, area) to (area, inputs, units), for some units. */
function moveBlock(target: Float32Array, source: Float32Array, { first, last, inputs, area, units }: { first: number; last: number; inputs: number; area: number; units: number }): void {
  for (let i = 0; i < inputs; i++) {
    for (let p = 0; p < area; p++) for (let u = first; u < last; u++) target[(p * inputs + i) * units + u] = source[(u * inputs + i) * area + p]!;
  }
}
