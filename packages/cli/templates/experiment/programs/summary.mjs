// The mean of one measure of geometry over all networks, for each epoch, layer and set of examples.
//
// memgeo calls this program with the path of a job file: params, inputs, and where each output goes. What it prints is kept in the log of the run.
import { readFileSync, writeFileSync } from 'node:fs';

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { measure } = job.params;

const groups = new Map();
// One table for each point of the sweep, with the values of its axes.
for (const { coordinates, path } of job.inputs.geometry) {
  const [header, ...rows] = readFileSync(path, 'utf8').trim().split(/\r?\n/).map(cellsOf);
  for (const cells of rows) {
    const row = Object.fromEntries(header.map((name, i) => [name, cells[i]]));
    if (row.measure !== measure || row.value === '') continue;
    const group = [coordinates.epoch, row.layer, row.set].join();
    groups.set(group, [...(groups.get(group) ?? []), Number(row.value)]);
  }
}
if (groups.size === 0) {
  writeFileSync(job.resultFile, JSON.stringify({ status: 'failed', message: `No table has a value of the measure ${measure}.` }));
  process.exit(1);
}

const lines = [...groups].map(([group, values]) => `${group},${values.length},${values.reduce((sum, value) => sum + value, 0) / values.length}`);
writeFileSync(job.outputs.summary, `${['epoch,layer,set,networks,mean', ...lines].join('\n')}\n`);
console.log(`${lines.length} means of ${measure}`);

/** The cells of a line of CSV; those with commas stand in quotes. */
function cellsOf(line) {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
}
