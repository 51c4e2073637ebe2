import { aloneOf, examplesPerSecond, type TrainingCase, type TrainingResults } from '../training.js';
import { benchedNetworks } from './networks.js';

/** The figures of docs/benchmarks.md, as Markdown. */
export function trainingTables({ loopPeaks, cases, stages, load }: TrainingResults): string {
  if (cases.length === 0 && !stages) return 'Nothing was measured.\n';
  const parts = [networksTable(cases), casesTable(cases), peerTable(cases)].filter((part) => part !== '');
  parts.push(`Peak of WebAssembly, multiplications and additions in registers: ${Object.entries(loopPeaks).map(([threads, rate]) => `${rate.toFixed(1)} GFLOP/s on ${threads === '1' ? 'one thread' : `${threads} threads`}`).join(', ')}. Processes waiting to run, before and after: ${load.map((own) => own.toFixed(1)).join(' and ')}.`);
  if (stages) {
    const { training, steps, shares, examples, epochs, extraction, evaluation, points, images } = stages;
    const seconds = (ms: number): string => (ms / 1000).toPrecision(3);
    parts.push(table(['work', 'time', ''], [
      [`steps of ${epochs} epochs, ${examples} examples`, `${seconds(steps.median)} s`, ''],
      ['`training/train` with them', `${seconds(training.median)} s`, `${range(shares)} beyond the steps`],
      [`evaluation of ${images} images`, `${seconds(evaluation.median)} s`, `${rounded((1000 * images) / evaluation.median)} images/s`],
      [`\`activations/extract\`, ${points} points`, `${seconds(extraction.median)} s`, `${rounded((1000 * points) / extraction.median)} points/s, reading, projecting and writing included`],
    ]));
  }
  return `${parts.join('\n\n')}\n`;
}

function networksTable(cases: readonly TrainingCase[]): string {
  const names = Object.keys(benchedNetworks).filter((name) => cases.some(({ network }) => network === name));
  return table(['name', 'network', 'batch', 'MFLOP forward'], names.map((name) => {
    const { title, batchSize } = benchedNetworks[name]!;
    return [name, title, String(batchSize), ((cases.find(({ network }) => network === name)!.forwardFlops) / 1e6).toPrecision(3)];
  }));
}

function casesTable(cases: readonly TrainingCase[]): string {
  return table(['network', 'system', 'threads', 'training, examples/s (quartiles)', 'per CPU second', 'evaluation, examples/s', 'GFLOP/s', 'of the peak', 'speed-up', 'resident', 'backend'], cases.map((own) => {
    const { network, system, threads, batchSize, step, evaluation, perCpuSecond, rate, peak, resident, backendMemory } = own;
    const alone = threads > 1 ? aloneOf(own, cases) : undefined;
    const perSecond = (ms: number): string => rounded((1000 * batchSize) / ms);
    return [
      network, system, String(threads), `${rounded(examplesPerSecond(own))} (${perSecond(step.quartiles[1])} to ${perSecond(step.quartiles[0])})`, rounded(perCpuSecond), perSecond(evaluation.median),
      rate.toPrecision(3), `${Math.round((100 * rate) / peak)} %`, alone ? (alone.step.median / step.median).toFixed(2) : '', mebibytes(resident), backendMemory === null ? '' : mebibytes(backendMemory),
    ];
  }));
}

/** How many times slower than the best of PyTorch, on as many threads. */
function peerTable(cases: readonly TrainingCase[]): string {
  const isPeer = ({ system }: TrainingCase): boolean => system.startsWith('PyTorch');
  const rows = cases.filter((own) => !isPeer(own)).flatMap((own) => {
    const peers = cases.filter((other) => isPeer(other) && other.network === own.network && other.threads === own.threads);
    const of = (layouts: readonly TrainingCase[]): string => (layouts.length === 0 ? '' : (Math.max(...layouts.map(examplesPerSecond)) / examplesPerSecond(own)).toFixed(2));
    return peers.length === 0 ? [] : [[own.network, own.system, String(own.threads), of(peers.filter(({ system }) => system.endsWith('plain'))), of(peers.filter(({ system }) => system.endsWith('channels_last')))]];
  });
  return rows.length === 0 ? '' : table(['network', 'system', 'threads', 'PyTorch, plain: times faster', 'PyTorch, channels_last: times faster'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** To three digits. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function mebibytes(bytes: number): string {
  return `${rounded(bytes / 2 ** 20)} MiB`;
}

function range(shares: readonly number[]): string {
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  return `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}`;
}
