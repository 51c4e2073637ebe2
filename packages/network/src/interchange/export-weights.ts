import type { NamedParameter } from '../description/initial-parameters.js';
import { layersOf } from '../description/layers.js';
import type { NetworkDescription } from '../description/network-spec.js';
import type { NamedValues } from './safetensors-file.js';
import { kernelToTorch, weightModules, type WeightSlot } from './weight-modules.js';
import { moduleNames, weightNamings } from './weight-names.js';

/** A tensor of a PyTorch module. */
export type WeightPlace = { readonly name: string; readonly shape: readonly number[] };

/**
 * Lists the tensors of a PyTorch module of the same network: names and shapes, in the order of layers.
 *
 * A layer that is normalized has a bias in some programs and never here. `num_batches_tracked` is not among them.
 *
 * @param options.naming  As torchvision or pytorch-cifar name modules; default: the usual one of the family.
 * @throws RangeError if there is no such naming for the family.
 */
export function weightLayout(description: NetworkDescription, options: { naming?: string | undefined } = {}): WeightPlace[] {
  return placesOf(description, options).map(({ name, shape }) => ({ name, shape }));
}

/**
 * Turns the parameters of a network into those of a PyTorch module: names, layouts and the order of a flattened image.
 *
 * A bias that we don't have becomes one of zeros. `num_batches_tracked` is left out: `load_state_dict` starts it at 0.
 *
 * @param options.naming  As of {@link weightLayout}.
 * @throws RangeError if there is no such naming, or a parameter is missing or of another shape.
 */
export function exportWeights(
  { description, parameters }: { description: NetworkDescription; parameters: readonly NamedParameter[] }, options: { naming?: string | undefined } = {},
): NamedValues[] {
  const given = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  return placesOf(description, options).map(({ name, shape, slot }) => {
    if (!slot) return { name, shape, data: new Float32Array(shape[0]!) };
    const parameter = given.get(slot.parameter.name);
    if (!parameter || parameter.shape.join() !== slot.parameter.shape.join()) {
      throw new RangeError(`exportWeights: ${slot.parameter.name} must have shape (${slot.parameter.shape.join(', ')}); got ${parameter ? `(${parameter.shape.join(', ')})` : 'nothing'}.`);
    }
    return { name, shape, data: slot.kernel ? kernelToTorch(parameter.data, slot.kernel) : parameter.data };
  });
}

/** With what fills each tensor; nothing but zeros fills the bias of a normalized layer. */
function placesOf(description: NetworkDescription, options: { naming?: string | undefined }): (WeightPlace & { slot?: WeightSlot })[] {
  const known = weightNamings(description.spec);
  const naming = options.naming === undefined ? known[0] : known.find(({ name }) => name === options.naming);
  if (!naming) throw new RangeError(`weightLayout: naming must be ${known.map(({ name }) => name).join(' or ')} for ${description.spec.kind}; got ${options.naming}.`);
  const paths = moduleNames(naming, layersOf(description));
  return weightModules(description).flatMap(({ layer, slots, norm }) => {
    const path = paths.get(layer)!;
    const places = slots.map((slot) => ({ name: `${path}.${slot.suffix}`, shape: slot.torchShape, slot }));
    return norm !== undefined && naming.hasBiasBeforeNorm ? [...places, { name: `${path}.bias`, shape: slots[0]!.torchShape.slice(0, 1) }] : places;
  });
}
