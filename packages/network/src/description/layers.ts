import type { NetworkDescription } from './network-spec.js';

/** One step of a network. Each has a name, under which its output can be tapped. */
export type Layer = {
  /** As in conv2, conv2.norm, conv2.relu, conv2.pool, dense1, output. */
  readonly name: string;
  readonly kind: 'convolution' | 'dense' | 'norm' | 'relu' | 'pool';
  /** Output shape without the batch axis. */
  readonly shape: readonly number[];
  /** Trainable parameters and running statistics, by name. */
  readonly parameters: readonly ParameterShape[];
  /** Counts layers with weights, from 1; the input is 0. */
  readonly index: number;
  /** Whether it is the last step before the next layer with weights, the output excluded. */
  readonly isHiddenOutput: boolean;
};

export type ParameterShape = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly isTrainable: boolean;
  /** Inputs per unit, for the scale of random weights; absent for parameters with a constant start. */
  readonly fanIn?: number;
  readonly start?: number;
};

/**
 * Lists the steps of a network in order.
 *
 * @throws RangeError if pooling leaves nothing of the image.
 */
export function layersOf(description: NetworkDescription): Layer[] {
  const { spec, inputShape, classCount } = description;
  const layers: Omit<Layer, 'isHiddenOutput'>[] = [];
  const scaled = (size: number) => Math.max(1, Math.round(size * spec.width));
  let shape: readonly number[] = inputShape;
  let index = 0;
  const add = (name: string, kind: Layer['kind'], parameters: readonly ParameterShape[] = []) => layers.push({ name, kind, shape, parameters, index });

  const addWeights = (name: string, kind: 'convolution' | 'dense', units: number) => {
    index++;
    const inputs = kind === 'dense' ? product(shape) : shape[2]!;
    const hasBias = name === 'output' || !spec.batchNorm;
    const kernel = kind === 'dense' ? [inputs, units] : [3, 3, inputs, units];
    shape = kind === 'dense' ? [units] : [shape[0]!, shape[1]!, units];
    add(name, kind, [
      { name: `${name}.kernel`, shape: kernel, isTrainable: true, fanIn: product(kernel.slice(0, -1)) },
      ...(hasBias ? [{ name: `${name}.bias`, shape: [units], isTrainable: true, start: 0 }] : []),
    ]);
    if (name === 'output') return;
    if (spec.batchNorm) {
      add(`${name}.norm`, 'norm', [
        { name: `${name}.norm.scale`, shape: [units], isTrainable: true, start: 1 },
        { name: `${name}.norm.offset`, shape: [units], isTrainable: true, start: 0 },
        { name: `${name}.norm.mean`, shape: [units], isTrainable: false, start: 0 },
        { name: `${name}.norm.variance`, shape: [units], isTrainable: false, start: 1 },
      ]);
    }
    add(`${name}.relu`, 'relu');
  };

  if (spec.kind === 'vgg') {
    let convolution = 0;
    for (const channels of spec.channels) {
      for (let i = 0; i < spec.convolutionsPerBlock; i++) addWeights(`conv${++convolution}`, 'convolution', scaled(channels));
      shape = [Math.floor(shape[0]! / 2), Math.floor(shape[1]! / 2), shape[2]!];
      if (product(shape) === 0) {
        throw new RangeError(`layersOf: an image of ${inputShape[0]} x ${inputShape[1]} must outlast ${spec.channels.length} poolings by 2; use at most ${Math.floor(Math.log2(Math.min(inputShape[0], inputShape[1])))} blocks.`);
      }
      add(`conv${convolution}.pool`, 'pool');
    }
  }
  (spec.kind === 'vgg' ? spec.dense : spec.hidden).forEach((units, i) => addWeights(`dense${i + 1}`, 'dense', scaled(units)));
  addWeights('output', 'dense', classCount);
  return layers.map((layer, i) => ({ ...layer, isHiddenOutput: layer.name !== 'output' && layers[i + 1]!.index !== layer.index }));
}

/** Where activations can be tapped: the input and every step. */
export function tapPoints(description: NetworkDescription): { name: string; shape: readonly number[]; layerIndex: number; isHiddenOutput: boolean }[] {
  return [
    { name: 'input', shape: description.inputShape, layerIndex: 0, isHiddenOutput: false },
    ...layersOf(description).map(({ name, shape, index, isHiddenOutput }) => ({ name, shape, layerIndex: index, isHiddenOutput })),
  ];
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}
