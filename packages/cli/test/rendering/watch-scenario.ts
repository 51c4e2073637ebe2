import { setTimeout as sleep } from 'node:timers/promises';
import { chooseRenderer } from '../../src/rendering/renderer.js';
import { scenarios, summaryOf } from './scenarios.js';

// Shows a made-up run on this terminal, for the eye: node --conditions=@memgeo/source --import tsx test/rendering/watch-scenario.ts sweep [--plain | --json]
const [name = '', flag] = process.argv.slice(2);
const timed = scenarios[name]?.() ?? [];
if (timed.length === 0) throw new Error(`The scenario must be one of ${Object.keys(scenarios).join(', ')}; got "${name}".`);
const renderer = chooseRenderer({ json: flag === '--json', plain: flag === '--plain' });
let isInterrupted = false;
process.on('SIGINT', () => {
  if (isInterrupted) process.exit(130);
  isInterrupted = true;
  renderer.interrupt();
});
const startedAt = Date.now();
for (const { at, event } of timed) {
  await sleep(Math.max(0, startedAt + at - Date.now()));
  renderer.show(event);
}
renderer.finish(summaryOf(timed), { path: 'pipelines/example.yaml', set: [], store: '.memgeo' });
