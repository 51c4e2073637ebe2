import type { LayerBuilder } from '../layer-builder.js';
import type { NetworkSpec } from '../network-spec.js';
import { hiddenDense, scaledWidth } from './hidden-layer.js';

/** The hidden layers of a multilayer perceptron, dense1, dense2, ... */
export function denseLayers(builder: LayerBuilder, { hidden, batchNorm, width }: NetworkSpec & { kind: 'mlp' }): void {
  hidden.forEach((units, i) => hiddenDense(builder, `dense${i + 1}`, { units: scaledWidth(units, width), batchNorm }));
}
