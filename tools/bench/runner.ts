import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sealArtifact } from '@memgeo/artifacts';
import { installedStages } from '@memgeo/cli';
import { Planner, readPipeline, Store, type ActionRecord, type Point } from '@memgeo/pipeline';
import { measure, type BenchmarkRow } from './measure.js';

const memgeo = fileURLToPath(new URL('../../packages/cli/bin/memgeo.js', import.meta.url));
const branches = 4;

/** Four stages over seeds, and a report that gathers them all. */
const pipeline = (seeds: number): string => `name: bench
params: { seeds: [${Array.from({ length: seeds }, (_, i) => i + 1).join(', ')}] }
stages:
  data: { uses: dataset/permute, matrix: { seed: "\${params.seeds}" }, with: { source: glyphs, seed: "\${matrix.seed}" } }
  train: { uses: training/train, matrix: { seed: "\${params.seeds}" }, in: { data: "data[seed=\${matrix.seed}]" }, with: { network: { kind: mlp, hidden: [8] }, epochs: 1, seed: "\${matrix.seed}" } }
  activations: { uses: activations/extract, matrix: { seed: "\${params.seeds}" }, in: { data: "data[seed=\${matrix.seed}]", checkpoint: "train[seed=\${matrix.seed}].checkpoints/1" } }
  geometry: { uses: geometry/mftma, matrix: { seed: "\${params.seeds}" }, in: { activations: "activations[seed=\${matrix.seed}]" } }
  report: { uses: report/html, in: { history: "train[*].history", geometry: "geometry[*]" } }
`;

/**
 * How long plan and run take where everything is cached, by the number of points.
 *
 * The store holds a real record and real objects of each point, small ones that are made here instead of by the stages.
 */
export async function benchRunner(tell: (row: BenchmarkRow) => void): Promise<void> {
  for (const points of [1_000, 3_000, 10_000]) {
    const folder = await mkdtemp(join(tmpdir(), 'memgeo-bench-'));
    try {
      const path = join(folder, 'bench.yaml');
      await writeFile(path, pipeline((points - 1) / branches));
      await fill(path, join(folder, '.memgeo'));
      const command = (...args: string[]) => execFileSync(process.execPath, [memgeo, ...args], { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 30, env: { ...process.env, NODE_OPTIONS: '' } });
      for (const [what, args] of [['plan', ['plan', path]], ['run', ['run', path, '--plain']]] as const) {
        const said = command(...args);
        const isCached = /everything is cached|: \d+ cached in/.test(said);
        if (!isCached) throw new Error(`internal: not everything is cached: ${said.slice(-400)}`);
        tell({ what: `memgeo ${what}, ${points} cached points`, timing: await measure(() => command(...args), { warmUpMs: 0 }), facts: {} });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Fills a store with a result for each point. */
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
