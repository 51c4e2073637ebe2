import type { LayerBuilder } from '../layer-builder.js';
import type { CompleteSpec } from '../network-spec.js';
import { hiddenConvolution, hiddenDense, scaledWidth } from './hidden-layer.js';

const channels = [64, 192, 384, 256, 256];

/** The filters of torchvision's form, for one processor instead of two. */
const largeFilters = [{ size: 11, stride: 4, padding: 2 }, { size: 5 }, { size: 3 }, { size: 3 }, { size: 3 }];

/** Five convolutions, pooling after the first, second and fifth, and dense layers [krizhevsky2012imagenet]; without its local response normalization. */
export function alexnetLayers(builder: LayerBuilder, { stem, dense = stem === 'large' ? [4096, 4096] : [1024, 1024], batchNorm, dropout, width }: CompleteSpec<'alexnet'>): void {
  for (const [i, units] of channels.entries()) {
    const name = `conv${i + 1}`;
    hiddenConvolution(builder, name, { ...(stem === 'large' ? largeFilters[i]! : { size: 3 }), units: scaledWidth(units, width), batchNorm });
    if (i === 0 || i === 1 || i === 4) builder.pool(`${name}.pool`, { reduction: 'max', size: stem === 'large' ? 3 : 2, stride: 2 });
  }
  hiddenDense(builder, dense, { width, batchNorm, dropout });
}
