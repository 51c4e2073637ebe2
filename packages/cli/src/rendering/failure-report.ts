import { join, relative } from 'node:path';
import type { FailureKind, RunSummary } from '@memgeo/pipeline';
import { cleanLine, cleanLines } from './clean-text.js';
import { commandLine, type Invocation } from './invocation.js';
import { paint } from './styled-line.js';
import { truncate } from './text-width.js';
import { counted, failureWords, remedyFor } from './wording.js';
import { wrapText } from './wrap-text.js';

type Failure = { readonly point: string; readonly kind: FailureKind; readonly error: string; readonly workFolder: string | undefined };

const shownInFull = 5;
const namesInLine = 3;
const firstLines = 3;
const lastLines = 15;
const longestLine = 400;

/** The failures of a run, a paragraph for each that is like no other, and what to do next. Empty if there are none. */
export function describeFailures({ run, results }: RunSummary, invocation: Invocation, { colors = false, columns = Infinity }: { readonly colors?: boolean; readonly columns?: number } = {}): string {
  const failures: Failure[] = [...results].filter(([, { outcome }]) => outcome === 'failed')
    .map(([point, { failure = 'error', error = '', workFolder }]) => ({ point, kind: failure, error, workFolder }));
  if (failures.length === 0) return '';
  const groups = groupAlike(failures);
  const rest = groups.slice(shownInFull).flat();
  const again = commandLine('run', invocation, '--only', 'failed');
  const why = commandLine('why', invocation, failures[0]!.point);
  return [
    ...groups.slice(0, shownInFull).map((group) => paragraph(group, colors, columns)),
    ...(rest.length === 0 ? [] : [`And ${counted(rest.length, 'more point')} failed with other errors: ${names(rest)}`]),
    [
      `What the stages wrote:  ${cleanLine(relative('.', join(invocation.store, 'runs', run)))}`,
      `Why a point ran:        ${why}`,
      `Try what failed again:  ${again}`,
    ].join('\n'),
  ].join('\n\n');
}

function paragraph([first, ...others]: readonly Failure[], colors: boolean, columns: number): string {
  const { point, kind, error, workFolder } = first!;
  const remedy = remedyFor(kind);
  const title = `${paint(`${cleanLine(point)} failed:`, 'red', colors)} it ${failureWords(kind)}.`;
  const lines = [
    ...shorten(cleanLines(error)),
    ...(remedy === undefined ? [] : [remedy]),
    ...(workFolder === undefined ? [] : [`Its work folder is kept: ${cleanLine(relative('.', workFolder))}`]),
    ...(others.length === 0 ? [] : [`The same happened to ${counted(others.length, 'more point')}: ${names(others)}`]),
  ];
  return [title, ...lines.flatMap((line) => wrapText(`  ${line}`, columns))].join('\n');
}

/** Failures by kind and message, where the name of the point and numbers do not count. */
function groupAlike(failures: readonly Failure[]): readonly (readonly Failure[])[] {
  const groups = new Map<string, Failure[]>();
  for (const failure of failures) {
    const key = `${failure.kind}\n${failure.error.replaceAll(failure.point, '').replaceAll(/\d+(\.\d+)?/g, '#').trimStart().split('\n', 1)[0]}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [failure]);
    else group.push(failure);
  }
  return [...groups.values()];
}

/** The start of a message, which says what is wrong, and the last lines of what the stage wrote. */
function shorten(lines: readonly string[]): readonly string[] {
  const left = lines.length - firstLines - lastLines;
  const kept = left <= 1 ? lines : [...lines.slice(0, firstLines), `(${left} lines left out)`, ...lines.slice(-lastLines)];
  return kept.map((line) => truncate(line, longestLine));
}

function names(failures: readonly Failure[]): string {
  const shown = failures.slice(0, namesInLine).map(({ point }) => cleanLine(point)).join(', ');
  return failures.length > namesInLine ? `${shown} and ${failures.length - namesInLine} more` : shown;
}
