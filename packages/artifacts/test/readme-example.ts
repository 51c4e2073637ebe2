import { join } from 'node:path';
import { activationsSchema, readTensor, verifyArtifact, writeTensor } from '../src/index.js';

/** Keeps three activations of two features with their classes, and reads them back. */
export async function keepActivations(folder: string): Promise<{ shape: readonly number[]; digest: string }> {
  const path = join(folder, 'conv1');
  await writeTensor(path, {
    data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2],
    rows: { manifold: ['cat', 'cat', 'dog'], exampleId: Int32Array.of(7, 8, 9) },
    metadata: { layer: 'conv1', epoch: 4 },
  }, { schema: activationsSchema });
  const { shape } = await readTensor(path, { schema: activationsSchema });
  const { digest } = await verifyArtifact(path);
  return { shape, digest };
}
