import type { ParameterShape } from './layer.js';

/** Number of values of a shape. */
export function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Lists the trainable parameters in the order of layers. */
export function trainableParameters(layers: readonly { readonly parameters: readonly ParameterShape[] }[]): ParameterShape[] {
  return layers.flatMap(({ parameters }) => parameters.filter(({ isTrainable }) => isTrainable));
}
