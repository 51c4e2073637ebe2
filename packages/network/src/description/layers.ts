import { alexnetLayers } from './families/alexnet.js';
import { densenetLayers } from './families/densenet.js';
import { denseLayers } from './families/dense-layers.js';
import { resnet18Layers } from './families/resnet18.js';
import { vggLayers } from './families/vgg.js';
import { imagesName, type Layer } from './layer.js';
import { LayerBuilder } from './layer-builder.js';
import type { NetworkDescription, NetworkSpec } from './network-spec.js';

const families: { [Kind in NetworkSpec['kind']]: (builder: LayerBuilder, spec: NetworkSpec & { kind: Kind }) => void } = {
  mlp: denseLayers, vgg: vggLayers, alexnet: alexnetLayers, resnet18: resnet18Layers, densenet: densenetLayers,
};

/**
 * Lists the steps of a network, each after those it takes in. The last is `output`, the logits.
 *
 * @throws RangeError if pooling leaves nothing of the image.
 */
export function layersOf({ spec, inputShape, classCount }: NetworkDescription): Layer[] {
  const builder = new LayerBuilder(inputShape, spec.kind);
  (families[spec.kind] as (builder: LayerBuilder, spec: NetworkSpec) => void)(builder, spec);
  builder.startGroup();
  builder.dense('output', { units: classCount, hasBias: true });
  return builder.finish();
}

/** Where activations can be tapped: the input and every step. */
export function tapPoints(description: NetworkDescription): { name: string; shape: readonly number[]; layerIndex: number; isHiddenOutput: boolean }[] {
  return [
    { name: imagesName, shape: description.inputShape, layerIndex: 0, isHiddenOutput: false },
    ...layersOf(description).map(({ name, shape, index, isHiddenOutput }) => ({ name, shape, layerIndex: index, isHiddenOutput })),
  ];
}
