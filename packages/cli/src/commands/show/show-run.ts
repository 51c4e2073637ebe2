import { peakMemoryOf, pointsOf, type Run, type RunPoint } from '@memgeo/pipeline';
import { formatBytes, formatTime, listed } from '../../printing/amounts.js';
import { alignCells } from '../../printing/cells.js';
import type { Page } from '../../printing/page.js';
import { formatDuration } from '../../rendering/durations.js';
import { describeEnvironment } from './show-action.js';

const shownSlowest = 5;
const shownFailures = 5;
const outcomes: readonly RunPoint['outcome'][] = ['ran', 'cached', 'failed', 'skipped', 'interrupted', 'running', 'open'];

/** A run: what was asked, where, what became of it. */
export function describeRun(run: Run, page: Page): void {
  const { id, pipeline, path, startedAt, durationMs, argv, git, environment, process: { host, pid } } = run.manifest;
  const points = pointsOf(run);
  const counts = outcomes.flatMap((outcome) => { const count = points.filter((point) => point.outcome === outcome).length; return count === 0 ? [] : [`${count} ${outcome}`]; });
  const ending = run.state === 'died' ? `died: process ${pid} on ${host} is gone` : run.state === 'running' ? `running: process ${pid} on ${host}` : run.state;
  page.line(`${id}, a run of ${pipeline}`).fact('state', ending).fact('started', `${formatTime(startedAt)}${durationMs === null ? '' : `, took ${formatDuration(durationMs)}`}`);
  page.fact('points', counts.length === 0 ? 'none' : counts.join(', ')).fact('pipeline', path).fact('command', argv.join(' '));
  page.fact('git', git === null ? 'no repository' : `${git.commit}${git.diff === null ? '' : ' with changes that are not committed'}`);
  const peak = peakMemoryOf({ points: points.filter((point): point is Run['manifest']['points'][number] => point.outcome !== 'running' && point.outcome !== 'open') });
  if (peak !== null) page.fact('memory', `${formatBytes(peak)} at most in one stage`);
  page.fact('on', describeEnvironment(environment));
  describePoints(points, page);
  page.fact('folder', run.folder);
}

function describePoints(points: readonly RunPoint[], page: Page): void {
  const failed = points.filter((point) => point.outcome === 'failed');
  for (const point of failed.slice(0, shownFailures)) {
    if (point.outcome !== 'failed') continue;
    page.fact('failed', `${point.point} (${point.failure ?? 'error'}): ${(point.error ?? '').trim().split('\n')[0]!}`);
    if (point.workFolder !== undefined) page.fact('', `its work is kept in ${point.workFolder}`);
  }
  if (failed.length > shownFailures) page.fact('', `and ${listed(failed.slice(shownFailures).map(({ point }) => point))}`);
  const ran = points.flatMap((point) => (point.outcome === 'ran' ? [{ ...point, durationMs: point.durationMs ?? 0 }] : [])).sort((a, b) => b.durationMs - a.durationMs);
  if (ran.length === 0) return;
  page.line('slowest');
  page.block(alignCells(ran.slice(0, shownSlowest).map(({ point, stage, durationMs, peakMemoryBytes }) => [point, stage, formatDuration(durationMs), peakMemoryBytes === undefined ? '' : formatBytes(peakMemoryBytes)]), page.width - 2), 2);
}
