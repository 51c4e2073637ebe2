import type { LayerBuilder } from '../layer-builder.js';
import type { CompleteSpec } from '../network-spec.js';
import { hiddenDense, scaledWidth } from './hidden-layer.js';

/** The hidden layers of a multilayer perceptron, dense1, dense2, ... */
export function mlpLayers(builder: LayerBuilder, { hidden, ...options }: CompleteSpec<'mlp'>): void {
  hiddenDense(builder, hidden, options);
}

/** The hidden layers of a deep linear network [saxe2014exact], dense1, dense2, ... */
export function linearLayers(builder: LayerBuilder, { hidden, bias, width }: CompleteSpec<'linear'>): void {
  for (const [i, units] of hidden.entries()) builder.dense(`dense${i + 1}`, { units: scaledWidth(units, width), hasBias: bias, hasRelu: false });
}
