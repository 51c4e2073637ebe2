import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchGeometry } from './geometry.js';
import { printRow, type BenchmarkRow } from './measure.js';
import { benchRunner } from './runner.js';
import { benchTraining, type TrainingOptions } from './training.js';
import { trainingTables } from './training/tables.js';

/** What a benchmark leaves besides rows: more for the JSON, and tables for the documentation. */
type Outcome = { readonly results: object; readonly markdown: string };
type Benchmark = (tell: (row: BenchmarkRow) => void, options: TrainingOptions) => Promise<Outcome | void>;

const usage = `Usage: npm run bench [-- NAME ... [OPTION ...]]
Prints tables and writes results/bench/NAME.json; of training, the tables of docs/benchmarks.md as training.md too.
Names: geometry, runner, training; all if left out. Options, of training:
  --backend LIST   backends, as in wasm,tensorflow; all that work here if left out
  --nets LIST      networks, as in mlp,vgg28; all, and the stages, if left out
  --peer PYTHON    an interpreter with torch, to time the same networks in PyTorch`;

/** Machines are noisy: compare within one run. */
const benchmarks: { readonly [name: string]: Benchmark } = {
  geometry: benchGeometry,
  runner: benchRunner,
  training: async (tell, options) => {
    const results = await benchTraining(tell, options);
    return { results, markdown: trainingTables(results) };
  },
};
const folder = fileURLToPath(new URL('../../results/bench', import.meta.url));

async function main(): Promise<void> {
  const { values: { help, ...options }, positionals: wanted } = parseArgs({
    options: { backend: { type: 'string' }, nets: { type: 'string' }, peer: { type: 'string' }, help: { type: 'boolean' } }, allowPositionals: true,
  });
  if (help) return console.log(usage);
  const unknown = wanted.find((name) => !(name in benchmarks));
  if (unknown !== undefined) throw new Error(`There is no benchmark "${unknown}". There are ${Object.keys(benchmarks).join(', ')}.`);
  const machine = { node: process.version, cpu: cpus()[0]?.model.trim() ?? 'unknown CPU', cores: cpus().length };
  console.log(`Node ${machine.node}, ${machine.cores} cores of ${machine.cpu}; median (fastest to slowest)`);
  mkdirSync(folder, { recursive: true });
  for (const name of wanted.length > 0 ? wanted : Object.keys(benchmarks)) {
    console.log(`\n${name}`);
    const rows: BenchmarkRow[] = [];
    const outcome = await benchmarks[name]!((row) => {
      printRow(row);
      rows.push(row);
    }, options);
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ ...machine, date: new Date().toISOString(), rows, ...outcome?.results }, null, 2)}\n`);
    if (!outcome) continue;
    writeFileSync(join(folder, `${name}.md`), outcome.markdown);
    console.log(`\n${outcome.markdown}`);
  }
  console.log(`As JSON: ${folder}`);
}

try {
  await main();
} catch (cause) {
  console.error((cause as Error).message);
  process.exitCode = 2;
}
