import * as tf from '@tensorflow/tfjs-core';
import { Network, openBackend, Team, type BackendName, type Examples } from '@memgeo/network';
import { summarize, timingOfPart, type Timing } from '../measure.js';
import { benchedNetworks } from './networks.js';
import { report } from './own-process.js';

/** What to measure. `threads`: of wasm, workers of a team; of tensorflow, threads within an operation. */
export type NetworkRequest = { readonly network: string; readonly backend: BackendName; readonly threads: number; /** Few examples, once or twice. */ readonly isSlow: boolean };

export type Measured = {
  readonly threads: number;
  readonly batchSize: number;
  /** Of a step, and of evaluating as many examples, in milliseconds. */
  readonly step: Timing;
  readonly evaluation: Timing;
  /** Examples trained on per second of processor time, of all threads. */
  readonly perCpuSecond: number;
  /** Of the process, in bytes, after training. */
  readonly resident: number;
  /** That the backend holds apart from the process, or within it in a heap of its own. */
  readonly backendMemory: number | null;
};
/** A team is measured in turns with one worker, so that what else the machine does slows both. */
export type NetworkReport = { readonly runs: Measured[]; readonly backend: string; /** Of a matrix product on the backend, in GFLOP/s. */ readonly productPeak: number };

const productSizes: { readonly [name in BackendName]: number } = { wasm: 512, tensorflow: 1024, webgpu: 4096, cpu: 128 };

const { network: name, backend, threads, isSlow } = JSON.parse(process.argv[2]!) as NetworkRequest;
const { description, batchSize: usualBatch } = benchedNetworks[name]!;
const batchSize = isSlow ? 8 : usualBatch;
/** What one timing takes, about. */
const targetMs = isSlow ? 100 : 700;

const running = await openBackend(backend, { threads });
const size = description.inputShape.reduce((product, length) => product * length, 1);
const examples: Examples = { data: Uint8Array.from({ length: 8 * batchSize * size }, (_, i) => Math.imul(i, 2654435761) >>> 24), count: 8 * batchSize };
const labels = Int32Array.from({ length: examples.count }, (_, i) => i % description.classCount);
const orderOf = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i % examples.count);

/** Best of many series of products, in GFLOP/s. */
async function productPeak(): Promise<number> {
  const length = productSizes[backend];
  const [a, b] = [tf.randomUniform([length, length]), tf.randomUniform([length, length])];
  const series = async (count: number): Promise<number> => {
    const start = performance.now();
    const product = tf.tidy(() => {
      let last = tf.matMul(a, b);
      for (let i = 1; i < count; i++) {
        last.dispose();
        last = tf.matMul(a, b);
      }
      return tf.slice(last, [0, 0], [1, 1]);
    });
    await product.data();
    product.dispose();
    return (performance.now() - start) / count;
  };
  await series(2);
  // Short, for the fastest is to be one that nothing interrupts; but long beside what a queue of a GPU takes.
  const count = Math.max(1, Math.round((backend === 'webgpu' ? 100 : 10) / (await series(2))));
  let fastest = Infinity;
  for (let i = 0; i < 30; i++) fastest = Math.min(fastest, await series(count));
  tf.dispose([a, b]);
  return (2 * length ** 3) / fastest / 1e6;
}

function memory(): Pick<Measured, 'resident' | 'backendMemory'> {
  const held = tf.memory() as tf.MemoryInfo & { numBytesAllocatedInGPU?: number };
  const heap = backend === 'wasm' ? (tf.backend() as unknown as { wasm: { asm: { memory: { buffer: ArrayBuffer } } } }).wasm.asm.memory.buffer.byteLength : undefined;
  return { resident: process.memoryUsage.rss(), backendMemory: heap ?? held.numBytesAllocatedInGPU ?? null };
}

/** Warms up, and tells how many parts to time together. */
async function partsFor(run: (parts: number) => Promise<unknown>, warmUpMs: number): Promise<number> {
  const began = performance.now();
  await run(1);
  if (isSlow) return 1;
  let fastest = Infinity;
  do {
    const start = performance.now();
    await run(2);
    fastest = Math.min(fastest, (performance.now() - start) / 2);
  } while (performance.now() - began < warmUpMs);
  return Math.min(256, Math.max(1, Math.round(targetMs / fastest)));
}

type Contestant = { readonly threads: number; readonly run: (steps: number) => Promise<unknown>; readonly close: () => Promise<void>; memory: ReturnType<typeof memory>; times: number[]; cpuMs: number };

async function enter(workers: number): Promise<Contestant> {
  const network = Network.initialize(description, 1);
  const team = await Team.start(network, { learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4 }, { examples, labels, workers });
  const run = (steps: number) => team.trainEpoch(orderOf(steps * batchSize), { batchSize, learningRates: new Array<number>(steps).fill(0.01) });
  const close = async () => {
    await team.close();
    network.dispose();
  };
  return { threads: backend === 'wasm' ? workers : threads, run, close, memory: memory(), times: [], cpuMs: 0 };
}

const peak = await productPeak();
const contestants: Contestant[] = [];
let steps = 1;
for (const workers of backend === 'wasm' && threads > 1 ? [1, threads] : [1]) {
  const contestant = await enter(workers);
  steps = Math.max(steps, await partsFor(contestant.run, 1000));
  contestant.memory = memory();
  contestants.push(contestant);
}
const repeats = isSlow ? 2 : 9;
for (let began = performance.now(), i = 0; i < repeats && (i < 3 || performance.now() - began < 60_000); i++) {
  for (const contestant of contestants) {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    await contestant.run(steps);
    contestant.times.push(performance.now() - start);
    const { user, system } = process.cpuUsage(cpu);
    contestant.cpuMs += (user + system) / 1000;
  }
}
await Promise.all(contestants.map(({ close }) => close()));

const network = Network.initialize(description, 1);
const evaluate = (batches: number) => network.predict(examples, orderOf(batches * batchSize));
const batches = await partsFor(evaluate, 300);
const evaluations: number[] = [];
for (let i = 0; i < repeats && evaluations.reduce((sum, ms) => sum + ms, 0) < 30_000; i++) {
  const start = performance.now();
  await evaluate(batches);
  evaluations.push(performance.now() - start);
}
const evaluation = timingOfPart(summarize(evaluations), batches);
const runs = contestants.map(({ threads: count, times, cpuMs, memory: held }): Measured => ({
  threads: count, batchSize, step: timingOfPart(summarize(times), steps), evaluation, perCpuSecond: (1000 * times.length * steps * batchSize) / cpuMs, ...held,
}));
report({ runs, backend: running, productPeak: peak } satisfies NetworkReport);
process.exit(0);
