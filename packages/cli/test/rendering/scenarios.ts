import type { PointResult, RunEvent, RunSummary } from '@memgeo/pipeline';

export type Timed = { readonly at: number; readonly event: RunEvent };
type Failing = Extract<RunEvent, { type: 'failed' }>['failure'];
type Stage = {
  readonly name: string; readonly points: readonly string[]; readonly ms: number; readonly label?: (step: number) => string;
  readonly cached?: readonly string[]; readonly fails?: { readonly [point: string]: { readonly failure: Failing; readonly error: string; readonly attempts: number } };
  readonly warns?: string; readonly elsewhere?: readonly string[]; readonly reason?: string;
};

const steps = 10;

/** The events of a run with its stages one after the other, up to `jobs` points at once; what follows a failure is skipped. */
export function simulate(stages: readonly Stage[], jobs: number): readonly Timed[] {
  const timed: Timed[] = [{ at: 0, event: { type: 'begin', run: '2026-01-02T03-04-05-abcd', pipeline: 'example', points: stages.flatMap(({ name, points }) => points.map((id) => ({ id, stage: `x/${name}`, stageName: name }))) } }];
  let begin = 0;
  let failed: string | undefined;
  for (const { points, ms, label = (step: number) => `step ${step} of ${steps}`, cached = [], fails = {}, warns, elsewhere = [], reason = 'with.seed 1 -> 2' } of stages) {
    const slots = Array.from({ length: jobs }, () => begin);
    for (const [index, point] of points.entries()) {
      const key = `${index}`.padStart(64, 'a');
      if (failed !== undefined) {
        timed.push({ at: begin, event: { type: 'skipped', point, because: `${failed} did not succeed` } });
        continue;
      }
      if (cached.includes(point)) {
        timed.push({ at: begin, event: { type: 'cached', point, key } });
        continue;
      }
      const slot = slots.indexOf(Math.min(...slots));
      let at = slots[slot]!;
      const failure = fails[point];
      if (elsewhere.includes(point)) {
        timed.push({ at, event: { type: 'waiting', point, holder: 'process 4711 on nodeb' } });
        at += ms;
        timed.push({ at, event: { type: 'cached', point, key } });
        slots[slot] = at;
        continue;
      }
      for (let attempt = 1; attempt <= (failure?.attempts ?? 1); attempt++) {
        timed.push({ at, event: { type: 'started', point, key, attempt, threads: 2, reasons: [{ kind: 'param', field: 'with.seed', text: reason }] } });
        if (warns !== undefined) timed.push({ at: at + 1, event: { type: 'message', point, level: 'warning', message: warns.replace('#', String(index)) } });
        const took = ms * (1 + (index % 3) / 10);
        for (let step = 0; step < steps; step++) timed.push({ at: at + (took * (step + 1)) / (steps + 1), event: { type: 'progress', point, done: step, total: steps, label: label(step) } });
        at += took;
        if (failure === undefined) timed.push({ at, event: { type: 'done', point, key, durationMs: took, peakMemoryBytes: 2 ** 28 } });
        else timed.push({ at, event: { type: 'failed', point, key, ...failure, attempt, willRetry: attempt < failure.attempts, workFolder: `.memgeo/work/${'0'.repeat(8)}${index}` } });
        if (failure !== undefined && attempt < failure.attempts) at += 1500;
      }
      slots[slot] = at;
    }
    begin = Math.max(...slots);
    failed ??= Object.keys(fails)[0];
  }
  timed.push({ at: begin, event: { type: 'end', state: failed === undefined ? 'done' : 'failed', durationMs: begin } });
  return timed.sort((a, b) => a.at - b.at);
}

/** Points of one axis: `train[seed=1]` and so on. */
export function matrix(stage: string, count: number, axis = 'seed'): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${stage}[${axis}=${index + 1}]`);
}

const stderr = ['training/train: the loss became NaN in epoch 3; lower learningRate.', 'Last lines of its stderr:', ...Array.from({ length: 20 }, (_, line) => `  at step ${line}: loss ${(2 ** line).toFixed(1)}`)].join('\n');
const names = ['data', 'train', 'activations', 'geometry', 'gradients', 'rewinding', 'claims', 'report'];

export const scenarios: { readonly [name: string]: () => readonly Timed[] } = {
  failing: () => simulate(names.map((name, index) => ({
    name, points: index === 0 ? matrix(name, 3) : index < 6 ? matrix(name, 6) : [name], ms: 1500, cached: index === 0 ? matrix(name, 3) : matrix(name, 1),
    ...(name === 'geometry' ? { fails: { 'geometry[seed=4]': { failure: 'error', error: stderr, attempts: 1 }, 'geometry[seed=5]': { failure: 'error', error: stderr.replace('epoch 3', 'epoch 7'), attempts: 1 } } } : {}),
  })), 3),
  sweep: () => simulate([{ name: 'data', points: ['data'], ms: 800 }, { name: 'train', points: matrix('train', 200), ms: 900, cached: matrix('train', 60).slice(0, 37), label: (step) => `epoch ${step} of ${steps}, loss 0.${99 - step}` }, { name: 'report', points: ['report'], ms: 600 }], 16),
  wide: () => simulate(Array.from({ length: 40 }, (_, index) => ({ name: `stage-${index + 1}`, points: matrix(`stage-${index + 1}`, 1 + (index % 5)), ms: 300 })), 3),
  retry: () => simulate([{ name: 'data', points: ['data'], ms: 500 }, { name: 'train', points: matrix('train', 4), ms: 2500, fails: { 'train[seed=2]': { failure: 'out-of-memory', error: 'training/train: out of memory at 4.0 GiB.', attempts: 2 } } }, { name: 'report', points: ['report'], ms: 500 }], 2),
  elsewhere: () => simulate([{ name: 'data', points: ['data'], ms: 500 }, { name: 'train', points: matrix('train', 4), ms: 2500, elsewhere: ['train[seed=1]', 'train[seed=3]'] }, { name: 'report', points: ['report'], ms: 500 }], 2),
  warnings: () => simulate([{ name: 'data', points: ['data'], ms: 500, warns: 'the file names no license; say where it comes from before you publish anything that was made from it, because readers and reviewers will ask\nsee docs/data.md' }, { name: 'geometry', points: matrix('geometry', 30), ms: 900, warns: 'manifold # has fewer points than dimensions; its radius is a lower bound' }], 4),
  long: () => simulate([
    { name: 'a-stage-with-a-name-of-no-less-than-sixty-four-characters-in-all', points: [1, 2, 3].map((seed) => `a-stage-with-a-name-of-no-less-than-sixty-four-characters-in-all[learningRate=0.0001,network=${'wide'.repeat(20)},seed=${seed}]`), ms: 2500, label: (step) => `${'a very long label that goes on and on '.repeat(5)}${step}` },
    { name: 'unicode', points: ['中文', 'ひらがな漢字', '👩‍👩‍👧‍👦', 'é́'].map((value) => `unicode[set=${value}]`), ms: 2500, label: (step) => `標籤 ${step} 進行中 \u001b[31mred\u001b[2J\u0007 and\ttab \u202egnp.exe` },
  ], 4),
};

/** What the events of a run came to. */
export function summaryOf(timed: readonly Timed[]): RunSummary {
  const results = new Map<string, PointResult>();
  let durationMs = 0;
  for (const { event } of timed) {
    if (event.type === 'cached') results.set(event.point, { outcome: 'cached', key: event.key, durationMs: 60_000 });
    else if (event.type === 'done') results.set(event.point, { outcome: 'ran', key: event.key, durationMs: event.durationMs });
    else if (event.type === 'failed' && !event.willRetry) results.set(event.point, { outcome: 'failed', key: event.key, failure: event.failure, error: event.error, workFolder: event.workFolder! });
    else if (event.type === 'skipped' || event.type === 'interrupted') results.set(event.point, { outcome: event.type, key: null });
    else if (event.type === 'end') durationMs = event.durationMs;
  }
  return { run: '2026-01-02T03-04-05-abcd', pipeline: 'example', results, wasInterrupted: false, durationMs, exported: new Map(results.get('report')?.outcome === 'ran' ? [['report', 'results/example/report']] : []) };
}
