import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sealArtifact } from '@memgeo/artifacts';
import { installedStages } from '@memgeo/cli';
import { Planner, readPipeline, Store, type ActionRecord, type Point } from '@memgeo/pipeline';

/** Fills a store with a result for each point of a pipeline: `fill-store.ts PIPELINE STORE`. */
async function fill(path: string, storeFolder: string): Promise<void> {
  const catalog = installedStages();
  const read = await readPipeline(path, { catalog });
  const store = await Store.open(storeFolder);
  const planner = new Planner(read, { catalog, store, onDamage: (_, message) => { throw new Error(message); } });
  const records = new Map<Point, ActionRecord>();
  let count = 0;
  const object = async (schema: string): Promise<string> => {
    const folder = store.place.fresh('object');
    await mkdir(folder);
    await writeFile(join(folder, 'content'), String(count++));
    const manifest = await sealArtifact(folder, { kind: 'folder', schema });
    await rename(folder, store.objects.folder(manifest.digest));
    return manifest.digest;
  };
  for (const point of read.points) {
    const { action, key } = await planner.consider(point, records);
    const outputs: { [name: string]: ActionRecord['outputs'][string] } = {};
    for (const [name, port] of Object.entries(point.stage.outputs)) outputs[name] = port.isCollection === true ? { members: { 1: await object(port.schema) } } : { digest: await object(port.schema) };
    const record: ActionRecord = {
      format: 2, key, point: point.id, action, outputs, upstream: point.upstream.map((upstream) => records.get(upstream)!.key), reasons: [], warnings: [],
      startedAt: new Date().toISOString(), durationMs: 1000, peakMemoryBytes: 1e8, environment: { memgeo: '0.1.0', node: process.version, platform: 'linux x64', cpu: 'a processor', cores: 2, memoryBytes: 1e10 }, facts: {},
    };
    await store.writeRecord(record);
    records.set(point, record);
  }
  await store.close();
}

await fill(process.argv[2]!, process.argv[3]!);
