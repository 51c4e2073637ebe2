import type { RunEvent } from '@memgeo/pipeline';
import { Listr, type ListrTaskWrapper, type DefaultRenderer, type SimpleRenderer } from 'listr2';
import { formatDuration, formatProgress } from './durations.js';

type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

/** What is known of one stage's points while a run goes on. */
type StageState = {
  readonly name: string;
  readonly points: Set<string>;
  readonly settled: Map<string, 'cached' | 'ran' | 'failed' | 'skipped'>;
  readonly startedAt: Map<string, number>;
  task: Task | undefined;
  firstStart: number | undefined;
  finish: (error?: Error) => void;
};

/** Shows a run as a tree on a terminal, a line per stage and one for what goes on in it. */
export function liveRenderer(): { show: (event: RunEvent) => void; close: () => Promise<void> } {
  const stages = new Map<string, StageState>();
  const stageOf = new Map<string, StageState>();
  const warnings: string[] = [];
  let rendering: Promise<unknown> = Promise.resolve();

  const settle = (point: string, outcome: 'cached' | 'ran' | 'failed' | 'skipped'): void => {
    const stage = stageOf.get(point)!;
    stage.settled.set(point, outcome);
    if (stage.task) stage.task.title = titleOf(stage);
    if (stage.settled.size === stage.points.size) stage.finish([...stage.settled.values()].includes('failed') ? new Error(titleOf(stage)) : undefined);
  };
  const say = (point: string, text: string): void => {
    const stage = stageOf.get(point)!;
    if (stage.task) stage.task.output = stage.points.size > 1 ? `${point}: ${text}` : text;
  };

  const show = (event: RunEvent): void => {
    switch (event.type) {
      case 'begin': {
        for (const { id, stageName } of event.points) {
          const stage = stages.get(stageName) ?? { name: stageName, points: new Set(), settled: new Map(), startedAt: new Map(), task: undefined, firstStart: undefined, finish: () => undefined };
          stage.points.add(id);
          stages.set(stageName, stage);
          stageOf.set(id, stage);
        }
        const tasks = [...stages.values()].map((stage) => {
          const finished = new Promise<void>((resolve, reject) => { stage.finish = (error) => (error ? reject(error) : resolve()); });
          finished.catch(() => undefined);
          return { title: titleOf(stage), task: (_: unknown, task: Task) => { stage.task = task; return finished; } };
        });
        rendering = new Listr(tasks, { concurrent: true, exitOnError: false, registerSignalListeners: false, rendererOptions: { collapseErrors: false, showErrorMessage: false } }).run().catch(() => undefined);
        return;
      }
      case 'cached':
        return settle(event.point, 'cached');
      case 'started': {
        const stage = stageOf.get(event.point)!;
        stage.startedAt.set(event.point, Date.now());
        stage.firstStart ??= Date.now();
        return say(event.point, `starts: ${event.reasons.join('; ')}`);
      }
      case 'waiting':
        return say(event.point, `waits for ${event.holder}, which is running it`);
      case 'progress':
        return say(event.point, `${event.label} (${formatProgress(stageOf.get(event.point)!.startedAt.get(event.point) ?? Date.now(), event.done, event.total)})`);
      case 'message':
        if (event.level === 'warning') warnings.push(`${event.point}: ${event.message}`);
        return say(event.point, event.message);
      case 'done':
        return settle(event.point, 'ran');
      case 'failed':
        return event.willRetry ? say(event.point, `failed, attempt ${event.attempt}; tries again`) : settle(event.point, 'failed');
      case 'skipped':
        return settle(event.point, 'skipped');
    }
  };
  const close = async (): Promise<void> => {
    for (const stage of stages.values()) if (stage.settled.size < stage.points.size) stage.finish(new Error('interrupted'));
    await rendering;
    for (const warning of new Set(warnings)) process.stderr.write(`warning: ${warning}\n`);
  };
  return { show, close };
}

function titleOf({ name, points, settled, firstStart }: StageState): string {
  const count = (outcome: string) => [...settled.values()].filter((value) => value === outcome).length;
  const parts = (['cached', 'ran', 'failed', 'skipped'] as const).flatMap((outcome) => (count(outcome) === 0 ? [] : [points.size === 1 ? outcome : `${count(outcome)} ${outcome}`]));
  const isDone = settled.size === points.size;
  const time = isDone && firstStart !== undefined ? ` in ${formatDuration(Date.now() - firstStart)}` : '';
  const open = !isDone && points.size > 1 ? ` (${settled.size} of ${points.size})` : '';
  return `${name}${open}${parts.length > 0 ? `  ${parts.join(', ')}${time}` : ''}`;
}
