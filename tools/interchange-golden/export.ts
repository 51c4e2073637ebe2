/** Imports the networks of the golden and exports them again into a folder, for `golden.py check`. */
import { readFile, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportWeights, importWeights, SafetensorsFile, safetensorsBytes, type NetworkDescription } from '@memgeo/network';

const golden = new URL('../../packages/network/test/interchange/golden/', import.meta.url);
const folder = process.argv[2];
if (folder === undefined) throw new Error('export.ts: the folder to write into must be given.');
const { cases } = JSON.parse(await readFile(new URL('golden.json', golden), 'utf8')) as { cases: { [name: string]: Pick<NetworkDescription, 'spec' | 'inputShape' | 'classCount'> & { naming: string } } };
for (const [name, { naming, ...about }] of Object.entries(cases)) {
  const description = { normalization: { mean: 0, standardDeviation: 1 }, ...about };
  const handle = await open(new URL(`${name}.safetensors`, golden));
  const { parameters } = await importWeights(await SafetensorsFile.read(handle, { name }), description);
  await handle.close();
  await writeFile(join(folder, `${name}.safetensors`), safetensorsBytes(exportWeights({ description, parameters }, { naming }), { metadata: { format: 'pt' } }));
}
