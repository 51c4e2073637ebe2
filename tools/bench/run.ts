import { cpus } from 'node:os';
import { benchGeometry } from './geometry.js';
import { benchNetwork } from './network.js';

/** `npm run bench [-- NAME ...]`. Machines are noisy: compare within one run. */
const benchmarks: { readonly [name: string]: () => Promise<void> } = { geometry: benchGeometry, network: benchNetwork };
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in benchmarks));
if (unknown !== undefined) {
  console.error(`There is no benchmark "${unknown}". There are ${Object.keys(benchmarks).join(', ')}.`);
  process.exit(2);
}
console.log(`Node ${process.version}, ${cpus()[0]?.model.trim() ?? 'unknown CPU'}; median (fastest to slowest)`);
for (const name of wanted.length > 0 ? wanted : Object.keys(benchmarks)) {
  console.log(`\n${name}`);
  await benchmarks[name]!();
}
