import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointSchema, readTensorSet, sealArtifact, writeFileDigested } from '@memgeo/artifacts';
import { exportWeights, layersModel, safetensorsBytes, type NamedParameter, type NetworkDescription } from '@memgeo/network';
import { asStageError, type StageContext } from '@memgeo/stage';
import type { z } from 'zod';
import { weightsSchema, type exportWeightsParams } from './export-weights.js';

type Context = Pick<StageContext, 'outputs'> & { readonly params: z.output<typeof exportWeightsParams>; readonly inputs: { readonly checkpoint: string } };
type Checkpoint = { readonly description: NetworkDescription; readonly parameters: readonly NamedParameter[]; readonly epoch: number };

/** Reads a checkpoint and writes the files of another format. */
export async function exportWeightsFolder({ params: { format, naming }, inputs, outputs }: Context): Promise<{ parameters: number; bytes: number }> {
  const { tensors, metadata } = await readTensorSet(inputs.checkpoint, { schema: checkpointSchema });
  const { epoch, network: description } = metadata as unknown as { epoch: number; network: NetworkDescription };
  const parameters = [...tensors].map(([name, { data, shape, metadata: { layer } }]) => ({ name, layer: String(layer), shape, data: data as Float32Array }));
  const contents = await asStageError('training/export-weights', [RangeError], () => filesOf({ description, parameters, epoch }, { format, naming }));
  const folder = outputs.weights!;
  await mkdir(folder, { recursive: true });
  const files = [];
  for (const [path, chunks] of Object.entries(contents)) files.push({ path, ...(await writeFileDigested(join(folder, path), chunks)) });
  const { bytes } = await sealArtifact(folder, { kind: 'folder', schema: weightsSchema, files, summary: { format, network: description.spec.kind, epoch } });
  return { parameters: parameters.reduce((sum, { data }) => sum + data.length, 0), bytes };
}

function filesOf(checkpoint: Checkpoint, { format, naming }: { format: Context['params']['format']; naming: string | undefined }): { [path: string]: Iterable<Uint8Array> } {
  if (format === 'tfjs-layers') {
    const { model, weights } = layersModel(checkpoint);
    return { 'model.json': [Buffer.from(JSON.stringify(model))], 'weights.bin': weights() };
  }
  const metadata = { format: 'pt', epoch: String(checkpoint.epoch), network: JSON.stringify(checkpoint.description) };
  return { 'weights.safetensors': safetensorsBytes(exportWeights(checkpoint, { naming }), { metadata }) };
}
