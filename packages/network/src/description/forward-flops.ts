import { layersOf } from './layers.js';
import type { NetworkDescription } from './network-spec.js';
import { sizeOfShape, trainableParameters } from './shapes.js';

/**
 * Counts the floating-point operations of a forward pass of one example.
 *
 * Two for each product that a convolution or dense layer sums, padding included; what the other steps do is left out, as in published
 * counts. A training step takes about three times as many.
 *
 * @returns total, and of each layer with weights.
 */
export function forwardFlops(description: NetworkDescription): { total: number; layers: { name: string; flops: number }[] } {
  const layers = layersOf(description).filter(({ kind }) => kind === 'convolution' || kind === 'dense').map(({ name, kind, shape, parameters }) => {
    const products = sizeOfShape(parameters[0]!.shape);
    return { name, flops: 2 * products * (kind === 'convolution' ? shape[0]! * shape[1]! : 1) };
  });
  return { total: layers.reduce((sum, { flops }) => sum + flops, 0), layers };
}

/** Counts parameters that training changes; running statistics of normalization are left out, as in published counts. */
export function parameterCount(description: NetworkDescription): number {
  return trainableParameters(layersOf(description)).reduce((sum, { shape }) => sum + sizeOfShape(shape), 0);
}
