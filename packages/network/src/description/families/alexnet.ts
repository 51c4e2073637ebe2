import type { LayerBuilder } from '../layer-builder.js';
import type { NetworkSpec } from '../network-spec.js';
import { hiddenConvolution, hiddenDense, scaledWidth } from './hidden-layer.js';

/** Five convolutions and dense layers [krizhevsky2012imagenet], in a form for images of 32 pixels: 3x3 convolutions, pooling after the first, second and fifth. */
export function alexnetLayers(builder: LayerBuilder, { dense, batchNorm, width }: NetworkSpec & { kind: 'alexnet' }): void {
  for (const [i, units] of [64, 192, 384, 256, 256].entries()) {
    const name = `conv${i + 1}`;
    hiddenConvolution(builder, name, { units: scaledWidth(units, width), size: 3, batchNorm });
    if (i === 0 || i === 1 || i === 4) builder.pool(`${name}.pool`, { reduction: 'max', size: 2 });
  }
  dense.forEach((units, i) => hiddenDense(builder, `dense${i + 1}`, { units: scaledWidth(units, width), batchNorm }));
}
