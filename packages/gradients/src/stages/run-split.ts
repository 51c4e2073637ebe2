import { checkpointSchema, exampleSetIndices, examplesSchema, gradientsTable, labelsTable, readTable, readTensor, readTensorSet, writeTable } from '@memgeo/artifacts';
import { checkImages, Network, openBackend, type NetworkDescription } from '@memgeo/network';
import { asStageError, StageError, type StageContext } from '@memgeo/stage';
import type { z } from 'zod';
import { splitGradients } from '../split/split-gradients.js';
import type { splitParams } from './split.js';

type Params = z.output<typeof splitParams>;
type Context = Pick<StageContext, 'outputs' | 'progress' | 'log'> & {
  readonly params: Params; readonly inputs: { readonly data: { readonly examples: string; readonly labels: string }; readonly checkpoint: string };
};

const stage = 'gradients/split';

/** Rebuilds the network, splits its gradient on each set, writes the table. */
export async function runSplit({ params, inputs, outputs, progress, log }: Context): Promise<{ epoch: number; examples: number; backend: string }> {
  const checkpoint = await readTensorSet(inputs.checkpoint, { schema: checkpointSchema });
  const { epoch, network: description } = checkpoint.metadata as unknown as { epoch: number; network: NetworkDescription };
  const images = await readTensor(inputs.data.examples, { schema: examplesSchema });
  await asStageError(stage, [RangeError], () => checkImages(images, description));
  const all = exampleSetIndices(await readTable(inputs.data.labels, labelsTable));
  const sets = all.filter(({ set }) => params.sets.includes(set));
  const missing = params.sets.filter((set) => !sets.some((own) => own.set === set));
  if (sets.length === 0) throw new StageError(`${stage}: data must have examples of ${params.sets.join(', ')}; it has only ${all.map(({ set }) => set).join(', ') || 'none'}. Change sets.`);
  if (missing.length > 0) log(`left out, for data has no such examples: ${missing.join(', ')}.`);
  const compared = ['unpermuted', 'permuted'];
  if (!compared.every((set) => sets.some((own) => own.set === set))) log('ratios of permuted to unpermuted are left out: they take both sets.');
  const backend = await asStageError(stage, [Error], () => openBackend(params.backend));
  const network = await asStageError(stage, [RangeError], () => Network.fromTensors(description, checkpoint.tensors));
  const onProgress = (done: number, total: number, names: string) => progress(done, total, `epoch ${epoch}, ${names}`);
  const measurements = await asStageError(stage, [RangeError], () => splitGradients(network, { data: images.data, count: images.shape[0]! }, sets, { ...params, onProgress }));
  network.dispose();
  const capped = sets.filter(({ set, indices }) => (measurements.find((own) => own.set === set)?.examples ?? 0) < indices.length);
  if (capped.length > 0) log(`takes at most ${params.examplesPerSet} examples of ${capped.map(({ set, indices }) => `${set} (has ${indices.length})`).join(', ')}; raise examplesPerSet for smaller errors.`);
  await writeTable(outputs.gradients!, gradientsTable, measurements.map((own) => ({ epoch, ...own })));
  const examples = new Map(measurements.map((own) => [own.set, own.examples]));
  return { epoch, examples: [...examples.values()].reduce((sum, count) => sum + count, 0), backend };
}
