import type { LayerBuilder } from '../layer-builder.js';
import type { CompleteSpec } from '../network-spec.js';
import { scaledWidth } from './hidden-layer.js';

/**
 * Blocks of layers that each see all before them [huang2017densely], named as in torchvision: conv0 to denseblock3.denselayer16.conv2, norm5.
 *
 * Normalization and ReLU come before the convolution that they feed, and so after the one that counts them: see {@link Layer.index}.
 */
export function densenetLayers(builder: LayerBuilder, { growth, blocks, bottleneck, compression, stem, width }: CompleteSpec<'densenet'>): void {
  const units = scaledWidth(growth, width);
  const first = bottleneck ? 2 * units : scaledWidth(16, width);
  if (stem === 'small') builder.convolution('conv0', { units: first, hasBias: false, size: 3 });
  else {
    builder.convolution('conv0', { units: first, hasBias: false, size: 7, stride: 2 });
    builder.norm('norm0');
    builder.relu('relu0');
    builder.pool('pool0', { reduction: 'max', size: 3, stride: 2, padding: 1 });
  }
  for (const [b, layerCount] of blocks.entries()) {
    for (let l = 1; l <= layerCount; l++) denseLayer(builder, `denseblock${b + 1}.denselayer${l}`, { units, bottleneck });
    if (b + 1 < blocks.length) transition(builder, `transition${b + 1}`, compression);
  }
  builder.norm('norm5');
  builder.relu('relu5');
  builder.globalMean('pool');
}

/** Adds `units` channels to those it takes in. */
function denseLayer(builder: LayerBuilder, name: string, { units, bottleneck }: { units: number; bottleneck: boolean }): void {
  const input = builder.last;
  builder.norm(`${name}.norm1`);
  builder.relu(`${name}.relu1`);
  let added = builder.convolution(`${name}.conv1`, { units: bottleneck ? 4 * units : units, hasBias: false, size: bottleneck ? 1 : 3 });
  if (bottleneck) {
    builder.norm(`${name}.norm2`);
    builder.relu(`${name}.relu2`);
    added = builder.convolution(`${name}.conv2`, { units, hasBias: false, size: 3 });
  }
  builder.concat(`${name}.concat`, [input, added]);
}

/** Fewer channels, and half the height and width. */
function transition(builder: LayerBuilder, name: string, compression: number): void {
  builder.norm(`${name}.norm`);
  builder.relu(`${name}.relu`);
  // The small excess undoes the rounding of products such as 0.29 * 100.
  const units = Math.max(1, Math.floor(compression * builder.shapeOf(builder.last).at(-1)! + 1e-9));
  builder.convolution(`${name}.conv`, { units, hasBias: false, size: 1 });
  builder.pool(`${name}.pool`, { reduction: 'mean', size: 2 });
}
