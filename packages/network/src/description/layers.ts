import { z } from 'zod';
import { alexnetLayers } from './families/alexnet.js';
import { densenetLayers } from './families/densenet.js';
import { linearLayers, mlpLayers } from './families/dense-layers.js';
import { resnet18Layers } from './families/resnet18.js';
import { vggLayers } from './families/vgg.js';
import { imagesName, type Layer } from './layer.js';
import { ImageTooSmallError, LayerBuilder } from './layer-builder.js';
import { networkSchema, type CompleteSpec, type NetworkDescription, type NetworkSpec } from './network-spec.js';
import { sizeOfShape } from './shapes.js';

const families: { [Kind in NetworkSpec['kind']]: (builder: LayerBuilder, spec: CompleteSpec<Kind>) => void } = {
  mlp: mlpLayers, linear: linearLayers, vgg: vggLayers, alexnet: alexnetLayers, resnet18: resnet18Layers, densenet: densenetLayers,
};

/** Float32 values in 4 GiB, more than any backend here can train. */
const mostParameters = 2 ** 30;

/**
 * Lists the steps of a network, each after those it takes in. The last is `output`, the logits.
 *
 * @throws RangeError if the description is not complete, poolings leave nothing of the image, or the parameters fill more than 4 GiB.
 */
export function layersOf({ spec: given, inputShape, classCount }: NetworkDescription): Layer[] {
  const spec = completeSpec(given);
  if (!Number.isInteger(classCount) || classCount < 2) throw new RangeError(`layersOf: classCount must be at least 2, or there is nothing to tell apart; got ${classCount}. Choose data with more classes.`);
  if (inputShape.length !== 3 || inputShape.some((length) => !Number.isInteger(length) || length < 1)) throw new RangeError(`layersOf: inputShape must be (height, width, channels), whole and at least 1; got (${inputShape.join(', ')}).`);
  let layers: Layer[];
  try {
    layers = build(spec, inputShape, classCount);
  } catch (cause) {
    throw cause instanceof ImageTooSmallError ? tooSmall(spec, inputShape, cause) : cause;
  }
  checkSize(layers, spec.kind);
  return layers;
}

/** Where activations can be tapped: the input and every step. */
export function tapPoints(description: NetworkDescription): { name: string; shape: readonly number[]; layerIndex: number; isHiddenOutput: boolean }[] {
  return [
    { name: imagesName, shape: description.inputShape, layerIndex: 0, isHiddenOutput: false },
    ...layersOf(description).map(({ name, shape, index, isHiddenOutput }) => ({ name, shape, layerIndex: index, isHiddenOutput })),
  ];
}

function completeSpec(spec: NetworkSpec): CompleteSpec {
  const parsed = networkSchema.safeParse(spec);
  if (!parsed.success) throw new RangeError(`layersOf: the network must fit its schema.\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function build(spec: CompleteSpec, inputShape: readonly number[], classCount: number): Layer[] {
  const builder = new LayerBuilder(inputShape);
  (families[spec.kind] as (builder: LayerBuilder, spec: CompleteSpec) => void)(builder, spec);
  builder.dense('output', { units: classCount, hasBias: spec.kind !== 'linear' || spec.bias, hasRelu: false });
  return builder.finish();
}

/** Says which images are large enough, and what else could be done. */
function tooSmall(spec: CompleteSpec, [height, width, channels]: readonly number[], cause: ImageTooSmallError): RangeError {
  const isEnough = (side: number): boolean => {
    try {
      return build(spec, [side, side, channels!], 2).length > 0;
    } catch {
      return false;
    }
  };
  const least = leastWhere(isEnough, Math.min(height!, width!));
  return new RangeError(`layersOf: images must be at least ${least} x ${least} pixels for this ${spec.kind}; got ${height} x ${width}, ${cause.message}. Use larger images${alternative(spec, Math.min(height!, width!))}.`, { cause });
}

function alternative(spec: CompleteSpec, side: number): string {
  if (spec.kind !== 'vgg') return 'stem' in spec && spec.stem === 'large' ? ', or stem: small' : '';
  const fitting = Math.floor(Math.log2(side));
  if (fitting === 0) return ', or use poolings: []';
  return spec.poolings === 'all' ? `, or use at most ${fitting} blocks or poolings: [${Array.from({ length: fitting }, (_, i) => i + 1).join(', ')}]` : `, or use at most ${fitting} poolings`;
}

/** The least whole number above `below` where a condition holds that holds from there on. */
function leastWhere(holds: (value: number) => boolean, below: number): number {
  let [low, high] = [below, 2 * below];
  while (!holds(high)) [low, high] = [high, 2 * high];
  for (let middle = Math.floor((low + high) / 2); middle !== low && middle !== high; middle = Math.floor((low + high) / 2)) {
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function checkSize(layers: readonly Layer[], kind: string): void {
  const sizes = layers.flatMap(({ parameters }) => parameters.map(({ name, shape }) => ({ name, shape, count: sizeOfShape(shape) })));
  const total = sizes.reduce((sum, { count }) => sum + count, 0);
  if (total <= mostParameters) return;
  const largest = sizes.reduce((a, b) => (b.count > a.count ? b : a));
  throw new RangeError(`layersOf: a network must have at most ${mostParameters} parameters, which fill 4 GiB; this ${kind} has ${total}, ${largest.count} of them in ${largest.name} (${largest.shape.join(' x ')}). Lower its sizes or width.`);
}
