import { imagesName, type Layer } from '../description/layer.js';
import type { NetworkDescription } from '../description/network-spec.js';

/** A value that steps after a cut read, with its shape without the batch axis. */
export type CrossingValue = { readonly name: string; readonly shape: readonly number[] };

/**
 * Lists what has to be held at a cut in a network: every value from before it that is read after it.
 *
 * @param step  Position of the first layer after the cut; the number of layers for the output.
 */
export function valuesAcross({ layers, description }: { readonly layers: readonly Layer[]; readonly description: NetworkDescription }, step: number): CrossingValue[] {
  const read = new Set(layers.slice(step).flatMap(({ inputs }) => inputs));
  const before = [{ name: imagesName, shape: description.inputShape }, ...layers.slice(0, step)];
  return before.filter(({ name }, position) => read.has(name) || (step === layers.length && position === step)).map(({ name, shape }) => ({ name, shape }));
}
