import { checkpointSchema, readTensorSet } from '@memgeo/artifacts';
import { type NetworkDescription } from '@memgeo/network';
import { StageError } from '@memgeo/stage';
import type { Tensors } from '../rewind/set-back.js';

/** Checkpoints of one network in order of epochs. */
export type CheckpointSeries = {
  readonly description: NetworkDescription;
  /** Ascending; the last is the final network. */
  readonly epochs: readonly number[];
  /** Reads the checkpoint of one of the epochs. */
  readonly read: (epoch: number) => Promise<Tensors>;
};

/** Float32 values of checkpoints that stay in memory; the rest is read again each time. */
const keptValues = 50e6;

type Metadata = { readonly epoch: number; readonly network: NetworkDescription };

/**
 * Lists checkpoints by the epochs they say they are of.
 *
 * @param folders  By member name.
 * @throws StageError if there are none, two are of one epoch, or they are of different networks.
 */
export async function openCheckpoints(folders: { readonly [member: string]: string }, stage: string): Promise<CheckpointSeries> {
  const folderOf = new Map<number, string>();
  const kept = new Map<number, Tensors>();
  let values = 0;
  let first: { readonly member: string; readonly network: NetworkDescription } | undefined;
  for (const [member, folder] of Object.entries(folders)) {
    const { metadata, tensors } = await readTensorSet(folder, { schema: checkpointSchema });
    const { epoch, network } = metadata as unknown as Metadata;
    if (folderOf.has(epoch)) throw new StageError(`${stage}: checkpoints must differ in epoch; "${member}" is a second one of epoch ${epoch}. Give those of one run.`);
    first ??= { member, network };
    const difference = describeDifference(first.network, network);
    if (difference) throw new StageError(`${stage}: checkpoints must be of one network; "${member}" differs from "${first.member}" in ${difference}. Give those of one run.`);
    folderOf.set(epoch, folder);
    values += [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
    if (values <= keptValues) kept.set(epoch, tensors as unknown as Tensors);
  }
  if (first === undefined) throw new StageError(`${stage}: checkpoints must have at least 1 member; there is none.`);
  const read = async (epoch: number): Promise<Tensors> => kept.get(epoch) ?? (await readTensorSet(folderOf.get(epoch)!, { schema: checkpointSchema })).tensors as unknown as Tensors;
  return { description: first.network, epochs: [...folderOf.keys()].sort((a, b) => a - b), read };
}

/** The part of two descriptions that is not the same; undefined if all is. */
function describeDifference(a: NetworkDescription, b: NetworkDescription): string | undefined {
  const parts: readonly [string, (network: NetworkDescription) => unknown][] = [
    ['its layers', ({ spec }) => spec], ['the shape of its images', ({ inputShape }) => inputShape], ['its number of classes', ({ classCount }) => classCount],
    ['the normalization of its images', ({ normalization }) => normalization],
  ];
  return parts.find(([, part]) => JSON.stringify(part(a)) !== JSON.stringify(part(b)))?.[0];
}
