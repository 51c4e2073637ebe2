import { relative } from 'node:path';
import type { PointOutcome, RunSummary } from '@memgeo/pipeline';
import { formatDuration } from './durations.js';

/** What a run came to, in a few lines. */
export function summarizeRun(summary: RunSummary, command: string): string {
  const count = (outcome: PointOutcome) => Object.values(summary.outcomes).filter((value) => value === outcome).length;
  const parts = (['ran', 'cached', 'failed', 'skipped', 'interrupted'] as const).flatMap((outcome) => (count(outcome) === 0 ? [] : [`${count(outcome)} ${outcome}`]));
  const lines = [`${summary.pipeline}: ${parts.join(', ')} in ${formatDuration(summary.durationMs)}`];
  for (const [point, folder] of Object.entries(summary.exported)) lines.push(`${point}: ${relative('.', folder) || '.'}/index.html`);
  if (summary.wasInterrupted) lines.push(`Interrupted. Nothing that was finished is lost; go on with: ${command}`);
  return lines.join('\n');
}

/** The errors of a run, a paragraph each. */
export function describeErrors(summary: RunSummary): string {
  return Object.entries(summary.errors).map(([point, error]) => `${point} failed: ${error}`).join('\n\n');
}
