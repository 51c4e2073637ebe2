import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measure, type BenchmarkRow } from './measure.js';

const memgeo = fileURLToPath(new URL('../../packages/cli/bin/memgeo.js', import.meta.url));
// Code counts by what is executed, so the store is filled by the built packages, as the command runs them.
const filler = fileURLToPath(new URL('./fill-store.ts', import.meta.url));
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
 * Only the first run hashes the objects. The store holds a real record and real objects of each point, small ones that are made here instead of by the stages.
 */
export async function benchRunner(tell: (row: BenchmarkRow) => void): Promise<void> {
  for (const points of [1_000, 3_000, 10_000]) {
    const folder = await mkdtemp(join(tmpdir(), 'memgeo-bench-'));
    try {
      const path = join(folder, 'bench.yaml');
      await writeFile(path, pipeline((points - 1) / branches));
      execFileSync(process.execPath, ['--import', 'tsx', filler, path, join(folder, '.memgeo')], { stdio: 'inherit' });
      const command = (...args: string[]) => execFileSync(process.execPath, [memgeo, ...args], { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 30, env: { ...process.env, NODE_OPTIONS: '' } });
      for (const [what, args] of [['run', ['run', path, '--plain']], ['plan', ['plan', path]]] as const) {
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
