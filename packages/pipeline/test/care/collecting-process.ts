import { collect } from '../../src/care/collect.js';
import { Store } from '../../src/store/store.js';

// Collects once and dies at a step, or collects again and again until it is ended.
const [folder, keepDays, step, times] = process.argv.slice(2);
const store = await Store.open(folder!);
const policy = { olderThanMs: Number(keepDays) * 86_400_000, keepRuns: 0 };
const end = Date.now() + Number(times);
// Gives the others time to come in between any two steps.
const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.random() * 60);
let passed = 0;
let [collections, actions, putBack] = [0, 0, 0];
do {
  const collected = await collect(store, policy, {
    onStep: (now) => {
      if (step === 'forever' && ['begun', 'object-moved'].includes(now)) pause();
      if (now === step && ++passed === Number(times)) process.kill(process.pid, 'SIGKILL');
    },
  });
  collections++;
  actions += collected.actions.length;
  putBack += collected.putBack.length;
} while (step === 'forever' && Date.now() < end);
await store.close();
process.stdout.write(JSON.stringify({ collections, actions, putBack }));
