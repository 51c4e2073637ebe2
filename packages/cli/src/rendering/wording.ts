import type { FailureKind, PointOutcome } from '@memgeo/pipeline';

const failures: { readonly [K in FailureKind]: string } = {
  error: 'reported an error',
  exit: 'ended without a result',
  signal: 'was ended by a signal',
  'out-of-memory': 'ran out of memory',
  timeout: 'ran out of time',
  'no-space': 'ran out of disk space',
  start: 'could not be started',
  'bad-output': 'did not write what it declares',
  input: 'lacks an input',
  runner: 'failed outside its stage',
};

/** What may help, where it is not the error itself that tells. */
const remedies: { readonly [K in FailureKind]?: string } = {
  'out-of-memory': 'Run fewer at once (--jobs 1), let it say what it needs (resources: { memory: ... }), or make the work smaller.',
  timeout: 'Allow it more time by timeout: in the pipeline file.',
  'no-space': 'Make room, for example by: memgeo cache gc',
  signal: 'If you did not end it, the system may have, for lack of memory.',
};

/** As in `ran out of memory`: said of a point. */
export function failureWords(kind: FailureKind): string {
  return failures[kind];
}

export function remedyFor(kind: FailureKind): string | undefined {
  return remedies[kind];
}

/** As in `1 point` and `3 points`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What matters most stands first: ends of lines may be cut off. */
export const outcomesByWeight: readonly PointOutcome[] = ['failed', 'interrupted', 'ran', 'cached', 'skipped'];
