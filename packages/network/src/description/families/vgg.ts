import type { LayerBuilder } from '../layer-builder.js';
import { freeChannels, publishedChannels, type CompleteSpec } from '../network-spec.js';
import { hiddenConvolution, hiddenDense, scaledWidth } from './hidden-layer.js';

/** Convolutions in each block, by depth; configurations A, B, D and E of [simonyan2015very]. */
const publishedConvolutions = { 11: [1, 1, 2, 2, 2], 13: [2, 2, 2, 2, 2], 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4] } as const;

/** Blocks of 3x3 convolutions, each closed by 2x2 max pooling, and dense layers [simonyan2015very]. */
export function vggLayers(builder: LayerBuilder, spec: CompleteSpec<'vgg'>): void {
  const { depth, poolings, batchNorm, dropout, width } = spec;
  const { channels = depth === undefined ? freeChannels : publishedChannels, convolutionsPerBlock = depth === undefined ? 2 : publishedConvolutions[depth] } = spec;
  const { dense = depth === undefined ? [128] : [4096, 4096] } = spec;
  let convolution = 0;
  for (const [block, units] of channels.entries()) {
    const count = typeof convolutionsPerBlock === 'number' ? convolutionsPerBlock : convolutionsPerBlock[block]!;
    for (let i = 0; i < count; i++) hiddenConvolution(builder, `conv${++convolution}`, { units: scaledWidth(units, width), size: 3, batchNorm: batchNorm !== false });
    if (poolings === 'all' || poolings.includes(block + 1)) builder.pool(`conv${convolution}.pool`, { reduction: 'max', size: 2 });
  }
  hiddenDense(builder, dense, { width, batchNorm: batchNorm === true, dropout });
}
