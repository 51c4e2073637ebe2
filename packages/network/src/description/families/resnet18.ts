import type { LayerBuilder } from '../layer-builder.js';
import type { CompleteSpec } from '../network-spec.js';
import { hiddenConvolution, scaledWidth } from './hidden-layer.js';

/**
 * Four stages of two basic blocks [he2016deep], named as in torchvision: layer1.0.conv1 to layer4.1.conv2.
 *
 * With the small stem, for images of about 32 pixels, the first convolution is 3x3 without stride or pooling. With zeroResidual the
 * last scale of each block begins at 0 [goyal2017accurate].
 */
export function resnet18Layers(builder: LayerBuilder, { channels, stem, zeroResidual, width }: CompleteSpec<'resnet18'>): void {
  const units = (stage: number) => scaledWidth(channels * 2 ** stage, width);
  if (stem === 'small') hiddenConvolution(builder, 'conv1', { units: units(0), size: 3, batchNorm: true });
  else {
    hiddenConvolution(builder, 'conv1', { units: units(0), size: 7, stride: 2, batchNorm: true });
    builder.pool('conv1.pool', { reduction: 'max', size: 3, stride: 2, padding: 1 });
  }
  for (let stage = 0; stage < 4; stage++) {
    for (let block = 0; block < 2; block++) basicBlock(builder, `layer${stage + 1}.${block}`, { units: units(stage), stride: stage > 0 && block === 0 ? 2 : 1, scale: zeroResidual ? 0 : 1 });
  }
  builder.globalMean('pool');
}

/**
 * Two 3x3 convolutions beside a shortcut, which is a 1x1 convolution where the shape changes.
 *
 * The shortcut counts between the two, so that the layers from the first on are the whole block and what follows.
 */
function basicBlock(builder: LayerBuilder, name: string, { units, stride, scale }: { units: number; stride: number; scale: number }): void {
  const input = builder.last;
  const hidden = hiddenConvolution(builder, `${name}.conv1`, { units, size: 3, stride, batchNorm: true });
  let shortcut = input;
  if (stride !== 1 || builder.shapeOf(input).at(-1) !== units) {
    builder.convolution(`${name}.shortcut`, { units, hasBias: false, size: 1, stride, isShortcut: true, input });
    shortcut = builder.norm(`${name}.shortcut.norm`);
  }
  builder.convolution(`${name}.conv2`, { units, hasBias: false, size: 3, input: hidden });
  builder.add(`${name}.add`, [builder.norm(`${name}.conv2.norm`, { scale }), shortcut]);
  builder.relu(`${name}.relu`);
}
