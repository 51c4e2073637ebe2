import type { Json } from '@memgeo/artifacts';
import type { AnyStage, StageResources } from '@memgeo/stage';
import type { ExecutionPolicy } from '../planning/pipeline.js';
import { passingFailures } from '../running/failure.js';
import type { KeyPath } from './document.js';
import { interpolate, mentionsMatrix, type Scope } from './expressions.js';
import { show } from './names.js';
import { parseByteSize, parseDuration } from './quantities.js';
import type { JsonMap, Reading } from './reading.js';

/** How the points of a stage are run: as the pipeline says, else as the stage declares, without timeout and without a policy for retries. */
export function readPolicy(name: string, stage: AnyStage, reading: Reading): (scope: Scope) => ExecutionPolicy {
  const { timeout, resources, retry } = reading.content.stages[name]!;
  const keysOf = (...inside: string[]): KeyPath => ['stages', name, ...inside];
  const retries = (typeof retry === 'number' ? Object.fromEntries(passingFailures.map((kind) => [kind, retry])) : (retry ?? {})) as ExecutionPolicy['retries'];
  const said = Object.fromEntries(Object.entries({ timeout, resources }).filter(([, value]) => value !== undefined)) as JsonMap;
  const policyAt = (scope: Scope): ExecutionPolicy => {
    const { timeout: time, resources: asked } = interpolate(said, reading.filling(scope), keysOf()) as { timeout?: Json; resources: JsonMap };
    return {
      timeoutMs: time === undefined ? undefined : quantity(time, parseDuration, keysOf('timeout'), reading),
      retries,
      resources: { ...stage.resources, ...readResources(asked, keysOf('resources'), reading) },
    };
  };
  if (mentionsMatrix(said)) return policyAt;
  let shared: ExecutionPolicy | undefined;
  return (scope) => (shared ??= policyAt(scope));
}

function readResources({ threads, memory, accelerators }: JsonMap, keys: KeyPath, reading: Reading): Partial<StageResources> {
  return {
    ...(threads === undefined ? {} : { threads: wholeNumber(threads, 1, [...keys, 'threads'], reading) }),
    ...(memory === undefined ? {} : { memoryBytes: quantity(memory, parseByteSize, [...keys, 'memory'], reading) }),
    ...(accelerators === undefined ? {} : { accelerators: wholeNumber(accelerators, 0, [...keys, 'accelerators'], reading) }),
  };
}

function quantity(value: Json, parse: (value: string | number) => number, keys: KeyPath, reading: Reading): number {
  try {
    return parse(value as string | number);
  } catch (cause) {
    return reading.fail(`${(cause as Error).message}.`, keys);
  }
}

function wholeNumber(value: Json, least: number, keys: KeyPath, reading: Reading): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least ? value : reading.fail(`must be a whole number, ${least} or more; got ${show(value)}.`, keys);
}
