import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import asc from 'assemblyscript/asc';
import { report } from './own-process.js';

/** Multiplications and additions that don't wait for each other: as many as hide their latency, and fit in registers. */
const chains = 6;
const floatsPerVector = 4;
const lines = (write: (i: number) => string): string => Array.from({ length: chains }, (_, i) => write(i)).join('\n');

const source = `
export function work(rounds: i32): f32 {
  const factor = f32x4.splat(0.9999999);
  const term = f32x4.splat(0.5);
  ${lines((i) => `let a${i} = f32x4.splat(${i + 1}); let b${i} = f32x4.splat(${i});`)}
  for (let round = 0; round < rounds; round++) {
    ${lines((i) => `a${i} = f32x4.mul(a${i}, factor); b${i} = f32x4.add(b${i}, term);`)}
  }
  let sum = f32x4.splat(0);
  ${lines((i) => `sum = f32x4.add(sum, f32x4.add(a${i}, b${i}));`)}
  return f32x4.extract_lane(sum, 0);
}`;

/** A thread that works for a second when it is told when to begin, and tells the rate of its fastest piece, shorter than a scheduler's slice. */
const thread = `
const { parentPort, workerData } = require('node:worker_threads');
const { work } = new WebAssembly.Instance(new WebAssembly.Module(workerData)).exports;
const rounds = 3e5;
for (let i = 0; i < 300; i++) work(rounds);
parentPort.postMessage('ready');
parentPort.on('message', (beginAt) => {
  while (Date.now() < beginAt);
  let fastest = Infinity;
  for (const began = performance.now(); performance.now() - began < 1000;) {
    const start = performance.now();
    work(rounds);
    fastest = Math.min(fastest, performance.now() - start);
  }
  parentPort.postMessage(rounds / fastest);
});`;

/** Measures how fast WebAssembly multiplies and adds float32 values in registers, in GFLOP/s; all threads together, at the same time. */
async function peakOf(binary: Uint8Array, threads: number): Promise<number> {
  const workers = Array.from({ length: threads }, () => new Worker(thread, { eval: true, workerData: binary }));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const answers = workers.map((worker) => once(worker, 'message'));
  for (const worker of workers) worker.postMessage(Date.now() + 20);
  const roundsPerMs = (await Promise.all(answers)).reduce((sum, [rate]) => sum + (rate as number), 0);
  await Promise.all(workers.map((worker) => worker.terminate()));
  return (roundsPerMs * 2 * chains * floatsPerVector) / 1e6;
}

const { binary, stderr } = await asc.compileString(source, { optimizeLevel: 3, runtime: 'stub', enable: ['simd'] });
if (binary === null) throw new Error(`internal: the loop must compile: ${stderr.toString()}`);
const { threads } = JSON.parse(process.argv[2]!) as { threads: number[] };
const peaks: number[] = [];
for (const count of threads) peaks.push(await peakOf(binary, count));
report(peaks);
