import type { LayerBuilder } from '../layer-builder.js';
import type { NetworkSpec } from '../network-spec.js';
import { hiddenConvolution, hiddenDense, scaledWidth } from './hidden-layer.js';

/** Blocks of 3x3 convolutions, each closed by 2x2 max pooling, and dense layers [simonyan2015very]. */
export function vggLayers(builder: LayerBuilder, { channels, convolutionsPerBlock, dense, batchNorm, width }: NetworkSpec & { kind: 'vgg' }): void {
  let convolution = 0;
  for (const units of channels) {
    for (let i = 0; i < convolutionsPerBlock; i++) hiddenConvolution(builder, `conv${++convolution}`, { units: scaledWidth(units, width), size: 3, batchNorm });
    builder.pool(`conv${convolution}.pool`, { reduction: 'max', size: 2 });
  }
  dense.forEach((units, i) => hiddenDense(builder, `dense${i + 1}`, { units: scaledWidth(units, width), batchNorm }));
}
