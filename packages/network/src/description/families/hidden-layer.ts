import type { ConvolutionOptions, LayerBuilder } from '../layer-builder.js';

/** A width of a network times its multiplier: whole, at least 1. */
export function scaledWidth(units: number, width: number): number {
  return Math.max(1, Math.round(units * width));
}

/** A layer with weights, normalized if wanted, then without a bias; and its ReLU. */
export function hiddenConvolution(builder: LayerBuilder, name: string, { batchNorm, ...options }: { batchNorm: boolean } & Omit<ConvolutionOptions, 'hasBias'>): string {
  builder.convolution(name, { ...options, hasBias: !batchNorm });
  return normalizedRelu(builder, name, batchNorm);
}

/** Dense hidden layers dense1, dense2, ... with dropout after each ReLU if its rate is above 0. */
export function hiddenDense(builder: LayerBuilder, units: readonly number[], { width, batchNorm, dropout = 0 }: { width: number; batchNorm: boolean; dropout?: number }): void {
  for (const [i, own] of units.entries()) {
    const name = `dense${i + 1}`;
    builder.dense(name, { units: scaledWidth(own, width), hasBias: !batchNorm });
    normalizedRelu(builder, name, batchNorm);
    if (dropout > 0) builder.dropout(`${name}.dropout`, { rate: dropout });
  }
}

function normalizedRelu(builder: LayerBuilder, name: string, batchNorm: boolean): string {
  if (batchNorm) builder.norm(`${name}.norm`);
  return builder.relu(`${name}.relu`);
}
