import type { Layer } from '../description/layer.js';
import { sizeOfShape, trainableParameters } from '../description/shapes.js';
import { evaluationBatch } from '../model/fitting-batch.js';
import { joinRectifiers } from '../model/fuse-steps.js';
import type { OptimizerMethod } from './optimizer.js';

/** Bytes that training needs in the memory of a backend at each of its three kinds of moments; the largest counts. */
export type MemoryEstimate = {
  readonly bytes: number;
  /** Parameters and what the optimizer keeps of them: always there. */
  readonly lasting: number;
  /** At the end of a backward pass: outputs of all layers, and gradients of outputs and parameters. */
  readonly backward: number;
  /** In a step of the optimizer: gradients, and new values of the largest parameter. */
  readonly update: number;
  /** In a forward pass of evaluation. */
  readonly evaluation: number;
};

export type EstimateOptions = {
  readonly inputShape: readonly number[];
  readonly batchSize: number;
  /** Default: `{ kind: 'sgd' }`. */
  readonly method?: OptimizerMethod | undefined;
  /** Whether gradients are clipped. Default false. */
  readonly isClipped?: boolean;
};

/** What the heap of WebAssembly can hold: 4 GiB, less a sixth that is lost between allocations and to what kernels need for themselves. */
export const wasmMemoryBytes = (4 * 2 ** 30) / 1.2;

const bytesPerValue = 4;
/** What else there is, such as constants. */
const besides = 2 ** 18;

/**
 * Estimates the memory of training by what TensorFlow.js keeps: it holds every output until the backward pass has ended, and every gradient of
 * an output, one for each layer that reads it.
 *
 * Measured on multilayer perceptrons, VGG, AlexNet, ResNet-18 and DenseNet it is at least what is there, and at most a fifth more; of small
 * networks, where all is little, at most half a MiB more.
 *
 * @param layers  As {@link layersOf}.
 */
export function estimateMemory(layers: readonly Layer[], options: EstimateOptions): MemoryEstimate {
  const { batchSize } = options;
  const { lasting, gradients, largestParameter, slots, image, perExample, largestOutput } = measure(layers, options);
  const backward = lasting + gradients + batchSize * (perExample + largestOutput);
  const update = lasting + gradients * (options.isClipped === true ? 2 : 1) + (slots + 1) * largestParameter + batchSize * image;
  const evaluation = lasting + largestParameter + evaluationBatch * (image + 3 * largestOutput);
  return { bytes: Math.max(backward, update, evaluation), lasting, backward, update, evaluation };
}

/** The largest batch whose training fits; 0 if none does. */
export function largestBatch(layers: readonly Layer[], options: Omit<EstimateOptions, 'batchSize'>, limitBytes: number): number {
  const fits = (batchSize: number): boolean => estimateMemory(layers, { ...options, batchSize }).bytes <= limitBytes;
  const { lasting, gradients, perExample, largestOutput, image } = measure(layers, { ...options, batchSize: 1 });
  const { update } = estimateMemory(layers, { ...options, batchSize: 0 });
  const batch = Math.floor(Math.min((limitBytes - lasting - gradients) / (perExample + largestOutput), (limitBytes - update) / image));
  return batch >= 1 && fits(batch) ? batch : 0;
}

function measure(layers: readonly Layer[], { inputShape, method = { kind: 'sgd' } }: EstimateOptions) {
  const bytesOf = (shape: readonly number[]): number => bytesPerValue * sizeOfShape(shape);
  const parameters = layers.flatMap((layer) => layer.parameters);
  const trainable = trainableParameters(layers).map(({ shape }) => bytesOf(shape));
  const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
  const slots = method.kind === 'sgd' ? 1 : 2;
  const readers = new Map<string, number>();
  for (const name of layers.flatMap(({ inputs }) => inputs)) readers.set(name, (readers.get(name) ?? 0) + 1);
  const steps = joinRectifiers(layers, new Set());
  const outputs = steps.map(({ layer }) => bytesOf(layer.shape) * (layer.kind === 'dropout' ? 2 : 1));
  const outputGradients = steps.map(({ name, layer }) => bytesOf(layer.shape) * Math.max(1, readers.get(name) ?? 0));
  const image = bytesOf(inputShape);
  return {
    lasting: besides + sum(parameters.map(({ shape }) => bytesOf(shape))) + slots * sum(trainable), gradients: sum(trainable), largestParameter: Math.max(0, ...trainable), slots,
    image, perExample: image + sum(outputs) + sum(outputGradients), largestOutput: Math.max(image, ...layers.map(({ shape }) => bytesOf(shape))),
  };
}
