import type { NamedParameter } from '../description/initial-parameters.js';
import type { NetworkDescription } from '../description/network-spec.js';
import { matchWeights, type WeightMatching } from './match-weights.js';
import type { SafetensorsFile } from './safetensors-file.js';
import { kernelFromTorch } from './weight-modules.js';
import { shownName, WeightsFileError } from './weights-file-error.js';

export type ImportedWeights = {
  /** Every parameter and running statistic, in the order of layers. */
  readonly parameters: NamedParameter[];
  /** Whose names the file has; undefined if they were matched by shape. */
  readonly naming: string | undefined;
};

/**
 * Reads the weights of a PyTorch module for a network of ours, one tensor at a time.
 *
 * Names, layouts and the order of a flattened image are turned into ours. The bias of a layer that is normalized, which we do not have,
 * is taken from the running mean: the same function in evaluation, and no function of it in training.
 *
 * @param options.matching  `names`: those of torchvision or pytorch-cifar, below any prefix that all share. `shapes`: by shape, and by the numbers in names.
 * @throws WeightsFileError if tensors are missing, unexpected, of another shape or not finite.
 */
export async function importWeights(file: SafetensorsFile, description: NetworkDescription, { matching = 'names' }: { matching?: WeightMatching } = {}): Promise<ImportedWeights> {
  const { naming, modules } = matchWeights(file, description, matching);
  const parameters: NamedParameter[] = [];
  const biases = new Map<string, Float32Array>();
  for (const { module, path } of modules) {
    for (const { parameter, suffix, kernel } of module.slots) {
      const name = `${path}.${suffix}`;
      const { data } = await finiteTensor(file, name);
      if (suffix === 'running_var' && data.some((value) => value < 0)) throw new WeightsFileError(`${file.name}: ${shownName(name)} must hold variances, of at least 0; the least is ${data.reduce((a, b) => Math.min(a, b))}.`);
      if (suffix === 'running_mean') biases.get(module.layer)?.forEach((bias, i) => { data[i]! -= bias; });
      parameters.push({ ...parameter, data: kernel ? kernelFromTorch(data, kernel) : data });
    }
    if (module.norm !== undefined && file.entries.has(`${path}.bias`)) biases.set(module.norm, (await finiteTensor(file, `${path}.bias`)).data);
  }
  return { parameters, naming };
}

async function finiteTensor(file: SafetensorsFile, name: string): Promise<{ data: Float32Array }> {
  const tensor = await file.tensor(name);
  const place = tensor.data.findIndex((value) => !Number.isFinite(value));
  if (place >= 0) throw new WeightsFileError(`${file.name}: ${shownName(name)} must hold finite numbers; value ${place} is ${tensor.data[place]}.`);
  return tensor;
}
