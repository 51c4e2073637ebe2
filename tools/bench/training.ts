import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { backendNames, describeBackends, forwardFlops, type BackendName } from '@memgeo/network';
import type { BenchmarkRow } from './measure.js';
import type { Measured, NetworkReport, NetworkRequest } from './training/measure-network.js';
import type { StagesReport, StagesRequest } from './training/measure-stages.js';
import { benchedNetworks } from './training/networks.js';
import { inOwnProcess } from './training/own-process.js';
import { measurePeer, type PeerReport } from './training/peer.js';

export type TrainingOptions = { readonly backend?: string | undefined; readonly nets?: string | undefined; readonly peer?: string | undefined };

/** A network on one backend, or in PyTorch, on some threads. */
export type TrainingCase = Measured & {
  readonly network: string;
  readonly system: string;
  readonly forwardFlops: number;
  /** Training, in GFLOP/s: three forward passes, as if each product were done. */
  readonly rate: number;
  /** What `rate` is compared with, in GFLOP/s: of wasm and cpu a loop of SIMD in WebAssembly, of the others a matrix product. */
  readonly peak: number;
};

export type TrainingResults = {
  /** Of the loop of multiplications and additions, in GFLOP/s, by the number of threads. */
  readonly loopPeaks: { readonly [threads: number]: number };
  readonly cases: readonly TrainingCase[];
  readonly stages?: StagesReport;
  /** Processes waiting to run, over a minute, before and after. */
  readonly load: readonly [number, number];
};

/** Forward passes this long are more than a backend that is for checks can do. */
const mostFlopsForSlow = 20e6;
const quickstart = fileURLToPath(new URL('../../pipelines/quickstart.yaml', import.meta.url));
const cores = Math.min(2, availableParallelism());
const threadCounts = cores === 2 ? [1, 2] : [1];

/**
 * Rates of training and evaluation of the networks on each backend that works here, beside PyTorch if an interpreter is given, and what the stages
 * add to them. Systems take turns with each network, so that what else the machine does falls on all.
 */
export async function benchTraining(tell: (row: BenchmarkRow) => void, { backend, nets, peer }: TrainingOptions = {}): Promise<TrainingResults> {
  const names = chosen(nets, Object.keys(benchedNetworks), '--nets');
  const backends = await usableBackends(backend);
  const before = loadavg()[0]!;
  if (backends.length === 0 && peer === undefined) {
    console.log('There is nothing to measure.');
    return { loopPeaks: {}, cases: [], load: [before, before] };
  }
  const peaks = await inOwnProcess<number[]>('./measure-peak.ts', { threads: threadCounts });
  const loopPeaks = Object.fromEntries(threadCounts.map((threads, i) => [threads, peaks[i]!]));
  console.log(`multiplications and additions of float32 in WebAssembly: ${threadCounts.map((threads) => `${loopPeaks[threads]!.toFixed(1)} GFLOP/s on ${threads}`).join(', ')}`);
  const cases: TrainingCase[] = [];
  const keep = (own: TrainingCase): void => {
    cases.push(own);
    tell(rowOf(own, cases));
  };
  for (const name of names) {
    const flops = forwardFlops(benchedNetworks[name]!.description).total;
    // The target of a GPU is a multiple of two threads of wasm on the same machine.
    const isTarget = name === 'vgg16' && backends.some((own) => own.name === 'webgpu' && !own.isSlow) && !backends.some((own) => own.name === 'wasm');
    for (const { name: system, isSlow } of isTarget ? [...backends, { name: 'wasm' as const, isSlow: false }] : backends) {
      if (isSlow && flops > mostFlopsForSlow) continue;
      await orSay(`${name}, ${system}`, async () => {
        for (const threads of system === 'wasm' ? [cores] : system === 'tensorflow' ? threadCounts : [1]) {
          const { runs, productPeak } = await inOwnProcess<NetworkReport>('./measure-network.ts', { network: name, backend: system, threads, isSlow } satisfies NetworkRequest);
          const hasLoop = system === 'wasm' || system === 'cpu';
          for (const run of runs) keep({ ...run, network: name, system, forwardFlops: flops, rate: rateOf(run, flops), peak: hasLoop ? loopPeaks[run.threads]! : productPeak });
        }
      });
    }
    if (peer !== undefined) {
      await orSay(`${name}, PyTorch`, async () => {
        for (const own of peerCases(await measurePeer(peer, name, threadCounts), name, flops)) keep(own);
      });
    }
  }
  const stages = backends.some(({ name }) => name === 'wasm') && nets === undefined ? await benchStages(tell) : undefined;
  return { loopPeaks, cases, ...(stages ? { stages } : {}), load: [before, loadavg()[0]!] };
}

/** @throws Error if there is no such name. */
function chosen<Name extends string>(list: string | undefined, known: readonly Name[], option: string): readonly Name[] {
  const wanted = list?.split(',') ?? known;
  const unknown = wanted.find((name) => !(known as readonly string[]).includes(name));
  if (unknown !== undefined) throw new Error(`${option} must be of ${known.join(', ')}; got "${unknown}".`);
  return wanted as readonly Name[];
}

/** Those asked for, or all; says in a line why one is left out. */
async function usableBackends(list: string | undefined): Promise<{ name: BackendName; isSlow: boolean }[]> {
  const wanted = chosen(list, backendNames, '--backend');
  const usable: { name: BackendName; isSlow: boolean }[] = [];
  for (const { name, isAvailable, isRecommended, detail, remedy } of await describeBackends()) {
    if (!wanted.includes(name)) continue;
    console.log(isAvailable ? `${name}: ${detail}` : `${name} is left out: ${detail}.${remedy === undefined ? '' : ` ${remedy} brings it.`}`);
    if (isAvailable) usable.push({ name, isSlow: name === 'cpu' || (name === 'webgpu' && isRecommended !== true) });
  }
  return usable;
}

/** A case that fails is a line, and the others go on. */
async function orSay(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    console.log(`${what} is left out: ${(cause as Error).message}`);
  }
}

function rateOf({ batchSize, step }: Pick<Measured, 'batchSize' | 'step'>, flops: number): number {
  return (3 * flops * batchSize) / step.median / 1e6;
}

function peerCases({ runs, productPeaks }: PeerReport, network: string, flops: number): TrainingCase[] {
  return runs.map(({ layout, ...run }) => ({
    ...run, network, system: `PyTorch, ${layout}`, forwardFlops: flops, rate: rateOf(run, flops), peak: productPeaks[threadCounts.indexOf(run.threads)]!, backendMemory: null,
  }));
}

/** Examples a second, at the median. */
export function examplesPerSecond({ batchSize, step }: Pick<Measured, 'batchSize' | 'step'>): number {
  return (1000 * batchSize) / step.median;
}

/** The same on one thread, if it was measured. */
export function aloneOf({ network, system }: TrainingCase, cases: readonly TrainingCase[]): TrainingCase | undefined {
  return cases.find((other) => other.network === network && other.system === system && other.threads === 1);
}

function rowOf(own: TrainingCase, cases: readonly TrainingCase[]): BenchmarkRow {
  const { network, system, threads, batchSize, step, evaluation, rate, peak, perCpuSecond, resident, backendMemory } = own;
  const alone = threads > 1 ? aloneOf(own, cases) : undefined;
  const wasm = network === 'vgg16' && system === 'webgpu' ? cases.find((other) => other.network === network && other.system === 'wasm' && other.threads === 2) : undefined;
  return {
    what: `${network}, ${system}${threads > 1 ? ` on ${threads}` : ''}, a step of ${batchSize}`, timing: step,
    facts: {
      'examples/s': examplesPerSecond(own), 'of processor time': perCpuSecond, 'GFLOP/s': rate, 'of the peak': `${Math.round((100 * rate) / peak)} %`, 'evaluation examples/s': (1000 * batchSize) / evaluation.median,
      'resident MiB': resident / 2 ** 20, ...(backendMemory === null ? {} : { 'backend MiB': backendMemory / 2 ** 20 }),
      ...(alone ? { speedup: alone.step.median / step.median } : {}), ...(wasm ? { 'times wasm on 2': examplesPerSecond(own) / examplesPerSecond(wasm) } : {}),
    },
  };
}

async function benchStages(tell: (row: BenchmarkRow) => void): Promise<StagesReport | undefined> {
  let stages: StagesReport | undefined;
  await orSay('The stages', async () => {
    stages = await inOwnProcess<StagesReport>('./measure-stages.ts', { pipeline: quickstart, repeats: 2 } satisfies StagesRequest);
    const { training, steps, shares, examples, extraction, evaluation, points, images } = stages;
    const percent = (list: readonly number[]): string => list.map((share) => `${(100 * share).toFixed(1)} %`).join(', ');
    tell({ what: 'steps of the quickstart', timing: steps, facts: { 'examples/s': (1000 * examples) / steps.median } });
    tell({ what: 'training stage: share outside steps', timing: training, facts: { 'beyond the steps': percent(shares) } });
    tell({ what: `plain evaluation of ${images} images`, timing: evaluation, facts: { 'images/s': (1000 * images) / evaluation.median } });
    tell({ what: `activations/extract, ${points} points`, timing: extraction, facts: { 'points/s': (1000 * points) / extraction.median } });
  });
  return stages;
}
