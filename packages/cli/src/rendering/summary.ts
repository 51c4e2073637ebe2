import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { PointOutcome, RunSummary } from '@memgeo/pipeline';
import { cleanLine } from './clean-text.js';
import { formatDuration, formatEstimate } from './durations.js';
import { commandLine, type Invocation } from './invocation.js';
import { paint, type Style } from './styled-line.js';
import { counted } from './wording.js';

const shownFolders = 10;
const styles: { readonly [O in PointOutcome]: Style } = { ran: 'green', cached: 'green', failed: 'red', skipped: 'yellow', interrupted: 'yellow' };

/** What a run came to, in a few lines. */
export function summarizeRun({ pipeline, results, exported, wasInterrupted, durationMs }: RunSummary, invocation: Invocation, { colors = false }: { readonly colors?: boolean } = {}): string {
  const counts = new Map<PointOutcome, number>();
  let savedMs = 0;
  for (const { outcome, durationMs: took } of results.values()) {
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    if (outcome === 'cached') savedMs += took ?? 0;
  }
  const parts = (['ran', 'cached', 'failed', 'skipped', 'interrupted'] as const).filter((outcome) => counts.has(outcome)).map((outcome) => paint(`${counts.get(outcome)} ${wasInterrupted && outcome === 'skipped' ? 'not run' : outcome}`, styles[outcome], colors));
  const lines = [`${paint(cleanLine(pipeline), 'bold', colors)}: ${parts.length === 0 ? 'nothing to do' : parts.join(', ')} in ${formatDuration(durationMs)}`];
  if (savedMs >= 1000) lines.push(`The cache saved about ${formatEstimate(savedMs)} of work.`);
  for (const [point, folder] of [...exported].slice(0, shownFolders)) lines.push(`${cleanLine(point)}: ${shownPath(folder)}`);
  if (exported.size > shownFolders) lines.push(`and ${counted(exported.size - shownFolders, 'more folder')} beside them`);
  if (wasInterrupted) lines.push('Interrupted. What was finished is kept.', `Go on with: ${commandLine('run', invocation, ...(invocation.only ?? []).flatMap((name) => ['--only', name]))}`);
  return lines.join('\n');
}

/** A folder from here, or its page if it has one. */
function shownPath(folder: string): string {
  const page = join(folder, 'index.html');
  return cleanLine(relative('.', existsSync(page) ? page : folder) || '.');
}
