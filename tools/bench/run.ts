import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchGeometry } from './geometry.js';
import { printRow, type BenchmarkRow } from './measure.js';
import { benchNetwork } from './network.js';
import { benchRunner } from './runner.js';

/** `npm run bench [-- NAME ...]`: prints a table and writes results/bench/NAME.json. Machines are noisy: compare within one run. */
const benchmarks: { readonly [name: string]: (tell: (row: BenchmarkRow) => void) => Promise<void> } = { geometry: benchGeometry, network: benchNetwork, runner: benchRunner };
const folder = fileURLToPath(new URL('../../results/bench', import.meta.url));

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in benchmarks));
if (unknown !== undefined) {
  console.error(`There is no benchmark "${unknown}". There are ${Object.keys(benchmarks).join(', ')}.`);
  process.exit(2);
}
const machine = { node: process.version, cpu: cpus()[0]?.model.trim() ?? 'unknown CPU', cores: cpus().length };
console.log(`Node ${machine.node}, ${machine.cores} cores of ${machine.cpu}; median (fastest to slowest)`);
mkdirSync(folder, { recursive: true });
for (const name of wanted.length > 0 ? wanted : Object.keys(benchmarks)) {
  console.log(`\n${name}`);
  const rows: BenchmarkRow[] = [];
  await benchmarks[name]!((row) => {
    printRow(row);
    rows.push(row);
  });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ ...machine, date: new Date().toISOString(), rows }, null, 2)}\n`);
}
console.log(`\nAs JSON: ${folder}`);
