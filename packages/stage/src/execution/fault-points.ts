/**
 * Steps at which a test can make a run break, in the order of a run: the stage's own, then those of the commit.
 *
 * `MEMGEO_FAULT=object-moved=kill` ends the process that reaches the step by SIGKILL, `=EIO` makes the step fail with that error,
 * `object-moved#3=kill` waits for the third time.
 */
export const faultPoints = [
  'lease-taken', 'work-made', 'job-written',
  'stage-begun', 'stage-worked', 'result-written-aside', 'result-written',
  'stage-ended', 'outputs-checked', 'output-synced', 'object-moved', 'object-stamped', 'outputs-stored',
  'record-written-aside', 'record-written', 'latest-written', 'state-removed', 'work-removed', 'lease-released',
  'result-copied-aside', 'result-cleared', 'result-copied',
] as const;
export type FaultPoint = (typeof faultPoints)[number];

let passed = 0;

/** Breaks here if `MEMGEO_FAULT` says so. @throws Error with the code it names. */
export function faultPoint(name: FaultPoint): void {
  const asked = process.env.MEMGEO_FAULT;
  if (asked === undefined) return;
  const [, where, time = '1', what] = /^([\w-]+)(?:#(\d+))?=(\w+)$/.exec(asked) ?? [];
  if (where !== name || ++passed !== Number(time)) return;
  if (what === 'kill') process.kill(process.pid, 'SIGKILL');
  throw Object.assign(new Error(`${what}: asked for by MEMGEO_FAULT at ${name}`), { code: what });
}
