import { peakMemoryOf, pointsOf, type Run, type RunPoint } from '@memgeo/pipeline';
import { formatBytes, formatTime, listed } from '../../printing/amounts.js';
import { alignCells } from '../../printing/cells.js';
import type { Page } from '../../printing/page.js';
import { formatDuration } from '../../rendering/durations.js';

const shownSlowest = 5;
const shownFailures = 5;
const outcomes: readonly RunPoint['outcome'][] = ['ran', 'cached', 'failed', 'skipped', 'interrupted', 'running', 'open'];

/** A run: what was asked, where, what became of it. */
export function describeRun(run: Run, page: Page): void {
  const { id, pipeline, path, startedAt, durationMs, argv, git, environment, process: { host, pid } } = run.manifest;
  const points = pointsOf(run);
  const counts = outcomes.flatMap((outcome) => { const count = points.filter((point) => point.outcome === outcome).length; return count === 0 ? [] : [`${count} ${outcome}`]; });
  const ending = run.state === 'died' ? `died: process ${pid} on ${host} is gone` : run.state === 'running' ? `running: process ${pid} on ${host}` : run.state;
  page.line(`${id}, a run of ${pipeline}`).fact('state', ending, 0).fact('started', `${formatTime(startedAt)}${durationMs === null ? '' : `, took ${formatDuration(durationMs)}`}`, 0);
  page.fact('points', counts.length === 0 ? 'none' : counts.join(', '), 0).fact('pipeline', path, 0).fact('command', argv.join(' '), 0);
  page.fact('git', git === null ? 'no repository' : `${git.commit}${git.diff === null ? '' : ' with changes that are not committed'}`, 0);
  const peak = peakMemoryOf({ points: points.filter((point): point is Run['manifest']['points'][number] => point.outcome !== 'running' && point.outcome !== 'open') });
  if (peak !== null) page.fact('memory', `${formatBytes(peak)} at most in one stage`, 0);
  page.fact('on', Object.entries(environment).map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', '), 0);
  describePoints(points, page);
  page.fact('folder', run.folder, 0);
}

function describePoints(points: readonly RunPoint[], page: Page): void {
  const failed = points.filter((point) => point.outcome === 'failed');
  for (const point of failed.slice(0, shownFailures)) {
    if (point.outcome !== 'failed') continue;
    page.fact('failed', `${point.point} (${point.failure ?? 'error'}): ${(point.error ?? '').trim().split('\n')[0]!}`, 0);
    if (point.workFolder !== undefined) page.fact('', `its work is kept in ${point.workFolder}`, 0);
  }
  if (failed.length > shownFailures) page.fact('', `and ${listed(failed.slice(shownFailures).map(({ point }) => point))}`, 0);
  const ran = points.flatMap((point) => (point.outcome === 'ran' ? [{ ...point, durationMs: point.durationMs ?? 0 }] : [])).sort((a, b) => b.durationMs - a.durationMs);
  if (ran.length === 0) return;
  page.line('slowest');
  page.block(alignCells(ran.slice(0, shownSlowest).map(({ point, stage, durationMs, peakMemoryBytes }) => [point, stage, formatDuration(durationMs), peakMemoryBytes === undefined ? '' : formatBytes(peakMemoryBytes)]), page.width - 2), 2);
}
