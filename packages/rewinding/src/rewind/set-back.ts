import type { LayerGroup } from '@memgeo/network';

/** Parameters and running statistics of a network by name. */
export type Tensors = ReadonlyMap<string, { readonly data: Float32Array; readonly shape: readonly number[] }>;

/**
 * Puts a network together: the layers to set back from an earlier one, all others from the final one.
 *
 * @param final  Everything of the final network. Not modified; tensors are shared.
 * @param options.earlier  Everything of the network that the layers come from.
 * @param options.groups  Layers to set back: kernels, biases, scales and offsets.
 * @param options.withStatistics  Whether the running statistics of these layers come along.
 */
export function setBack(final: Tensors, { earlier, groups, withStatistics }: { earlier: Tensors; groups: readonly LayerGroup[]; withStatistics: boolean }): Tensors {
  const names = groups.flatMap(({ parameters }) => parameters.filter(({ isTrainable }) => isTrainable || withStatistics).map(({ name }) => name));
  return new Map([...final, ...names.map((name) => [name, earlier.get(name)!] as const)]);
}
