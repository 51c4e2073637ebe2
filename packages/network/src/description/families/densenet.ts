import type { LayerBuilder } from '../layer-builder.js';
import type { NetworkSpec } from '../network-spec.js';
import { scaledWidth } from './hidden-layer.js';

/** Blocks of layers that each see all before them [huang2017densely], with bottlenecks and halving transitions. */
export function densenetLayers(builder: LayerBuilder, { growth, blocks, width }: NetworkSpec & { kind: 'densenet' }): void {
  const units = scaledWidth(growth, width);
  builder.startGroup();
  builder.convolution('conv0', { units: 2 * units, hasBias: false, size: 3 });
  for (const [b, layerCount] of blocks.entries()) {
    for (let l = 1; l <= layerCount; l++) {
      const name = `denseblock${b + 1}.denselayer${l}`;
      const input = builder.last;
      preActivated(builder, `${name}.conv1`, { units: 4 * units, size: 1 });
      builder.concat(`${name}.concat`, [input, preActivated(builder, `${name}.conv2`, { units, size: 3 })]);
    }
    if (b + 1 < blocks.length) {
      const name = `transition${b + 1}`;
      preActivated(builder, `${name}.conv`, { units: Math.floor(builder.shapeOf(builder.last).at(-1)! / 2), size: 1 });
      builder.pool(`${name}.pool`, { reduction: 'mean', size: 2 });
    }
  }
  builder.norm('norm5');
  builder.relu('relu5');
  builder.globalMean('pool');
}

/** Normalization and ReLU in front of a convolution. */
function preActivated(builder: LayerBuilder, name: string, { units, size }: { units: number; size: number }): string {
  builder.startGroup();
  builder.norm(`${name}.norm`);
  builder.relu(`${name}.relu`);
  return builder.convolution(name, { units, hasBias: false, size });
}
