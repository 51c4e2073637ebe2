import { fileURLToPath } from 'node:url';
import { summarize, type Timing } from '../measure.js';
import { benchedNetworks } from './networks.js';
import { runForReport } from './own-process.js';

/** How images lie in PyTorch's memory: `plain` by channels first. */
export type PeerRun = { readonly threads: number; readonly layout: 'plain' | 'channels_last'; readonly batchSize: number; readonly step: Timing; readonly evaluation: Timing; readonly perCpuSecond: number; readonly resident: number };
export type PeerReport = { readonly version: string; readonly runs: readonly PeerRun[]; /** Of a matrix product, by the threads asked for, in GFLOP/s. */ readonly productPeaks: readonly number[] };

type Answer = { version: string; productPeaks: number[]; runs: (Omit<PeerRun, 'step' | 'evaluation'> & { stepMs: number[]; evaluationMs: number[] })[] };

const program = fileURLToPath(new URL('../peer-training.py', import.meta.url));

/** Times a network in PyTorch. @param python  An interpreter that has torch. */
export async function measurePeer(python: string, name: string, threads: readonly number[]): Promise<PeerReport> {
  const { batchSize, description: { spec, inputShape, classCount } } = benchedNetworks[name]!;
  const request = { networks: [{ name, spec, inputShape, classCount, batchSize }], threads, targetMs: 700, repeats: 9 };
  const { version, productPeaks, runs } = await runForReport<Answer>(python, [program, JSON.stringify(request)]);
  return { version, productPeaks, runs: runs.map(({ stepMs, evaluationMs, ...run }) => ({ ...run, step: summarize(stepMs), evaluation: summarize(evaluationMs) })) };
}
