import { checkpointSchema, writeTensorSet, type Json } from '@memgeo/artifacts';
import type { NamedParameter, NetworkDescription } from '@memgeo/network';

/** Writes a checkpoint artifact: every parameter and running statistic, with what rebuilds the network. */
export async function writeCheckpoint(
  folder: string, parameters: readonly NamedParameter[], { epoch, step, description }: { epoch: number; step: number; description: NetworkDescription },
): Promise<void> {
  await writeTensorSet(folder, {
    tensors: new Map(parameters.map(({ name, layer, shape, data }) => [name, { data, shape, rows: {}, metadata: { layer } }])),
    metadata: { epoch, step, network: description as unknown as Json },
  }, { schema: checkpointSchema });
}
