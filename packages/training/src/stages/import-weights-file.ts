import { join } from 'node:path';
import { ArtifactError, openRegularFile } from '@memgeo/artifacts';
import { channelNormalization, importWeights, measureNormalization, SafetensorsFile, WeightsFileError, type ImportedWeights, type NetworkDescription } from '@memgeo/network';
import { asStageError, StageError, type StageContext } from '@memgeo/stage';
import type { z } from 'zod';
import { readTrainingData } from '../data/training-data.js';
import { writeCheckpoint } from '../state/checkpoint.js';
import type { importWeightsParams } from './import-weights.js';

type Context = Pick<StageContext, 'outputs' | 'files' | 'log'> & {
  readonly params: z.output<typeof importWeightsParams>; readonly inputs: { readonly data?: { readonly examples: string; readonly labels: string } | undefined };
};
const stageId = 'training/import-weights';

/** Reads a safetensors file and writes the one checkpoint it makes. */
export async function importWeightsFile({ params, inputs, files, outputs, log }: Context): Promise<{ parameters: number; names: string }> {
  const description = await describe(params, inputs.data);
  const { parameters, naming } = await asStageError(stageId, [WeightsFileError, ArtifactError, RangeError], () => {
    channelNormalization(description);
    return readWeights(files.weights!, { description, matching: params.matching });
  });
  const names = naming ?? 'matched by shapes';
  log(`${parameters.length} tensors; names: ${names}`);
  const about = { epoch: params.epoch, step: 0, description };
  await writeCheckpoint(join(outputs.checkpoints!, String(params.epoch)), parameters, about);
  return { parameters: parameters.reduce((sum, { data }) => sum + data.length, 0), names };
}

async function readWeights(path: string, { description, matching }: { description: NetworkDescription; matching: 'names' | 'shapes' }): Promise<ImportedWeights> {
  const handle = await openRegularFile(path);
  try {
    return await importWeights(await SafetensorsFile.read(handle, { name: path }), description, { matching });
  } finally {
    await handle.close();
  }
}

/** @throws StageError if what is said of the images leaves something open, or says it twice. */
async function describe({ network: spec, inputShape, classCount, normalization }: Context['params'], folders: Context['inputs']['data']): Promise<NetworkDescription> {
  if (folders === undefined) {
    if (inputShape && classCount !== undefined && normalization) return { spec, inputShape, classCount, normalization };
    const missing = Object.entries({ inputShape, classCount, normalization }).flatMap(([name, value]) => (value === undefined ? [name] : []));
    throw new StageError(`${stageId}: inputShape, classCount and normalization must be given where the input data is not; missing: ${missing.join(', ')}. Give them, or data.`);
  }
  if (inputShape || classCount !== undefined) throw new StageError(`${stageId}: inputShape and classCount must be left out where data is given, which says them.`);
  const data = await readTrainingData(folders, stageId);
  return { spec, inputShape: data.inputShape, classCount: data.classCount, normalization: normalization ?? measureNormalization(data.examples, data.trained) };
}
