import type { LayerBuilder } from '../layer-builder.js';

/** A width of a network times its multiplier: whole, at least 1. */
export function scaledWidth(units: number, width: number): number {
  return Math.max(1, Math.round(units * width));
}

/** A layer with weights, normalized if wanted, then without a bias; and its ReLU. */
export function hiddenConvolution(
  builder: LayerBuilder, name: string, { batchNorm, ...options }: { batchNorm: boolean; units: number; size: number; stride?: number; padding?: number; input?: string },
): string {
  builder.startGroup();
  builder.convolution(name, { ...options, hasBias: !batchNorm });
  return normalizedRelu(builder, name, batchNorm);
}

export function hiddenDense(builder: LayerBuilder, name: string, { units, batchNorm }: { units: number; batchNorm: boolean }): string {
  builder.startGroup();
  builder.dense(name, { units, hasBias: !batchNorm });
  return normalizedRelu(builder, name, batchNorm);
}

function normalizedRelu(builder: LayerBuilder, name: string, batchNorm: boolean): string {
  if (batchNorm) builder.norm(`${name}.norm`);
  return builder.relu(`${name}.relu`);
}
