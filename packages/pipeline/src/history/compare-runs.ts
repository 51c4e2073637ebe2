import { canonicalEncoding, type Json } from '@memgeo/artifacts/contract';
import type { RunManifest } from '../running/run-manifest.js';
import type { OutputDigests } from '../store/record.js';
import type { Store } from '../store/store.js';
import { CauseFinder, rootsOf, type Cause, type Root } from './causes.js';
import type { TableDifference } from './compare-tables.js';
import { contentOf, RecordIndex } from './record-index.js';
import { pointsOf, type RunPoint } from './run-points.js';
import type { Run } from './runs.js';

/** An output of a point in both runs. `member` is undefined for an output that is one artifact. */
export type OutputDifference = { readonly output: string; readonly member?: string; readonly before: string | null; readonly after: string | null; readonly table?: TableDifference };

/** A point that stands for different actions in two runs. */
export type PointDifference = {
  readonly point: string;
  readonly stage: string;
  readonly before: string;
  readonly after: string;
  /** Whether it differs in more than what its inputs brought. */
  readonly isRoot: boolean;
  readonly causes: readonly Cause[];
  /** What began it, here or upstream. */
  readonly roots: readonly Root[];
  /** Whether all outputs are the same although the actions differ. */
  readonly hasSameOutputs: boolean;
  readonly outputs: readonly OutputDifference[];
};

export type RunComparison = {
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** Points that stand for the same action. */
  readonly same: readonly string[];
  readonly different: readonly PointDifference[];
  /** Points that differ and can't be explained: they did not get as far, or their record is gone. */
  readonly unknown: readonly { readonly point: string; readonly before: RunPoint['outcome']; readonly after: RunPoint['outcome']; readonly why: string }[];
  readonly circumstances: readonly { readonly field: string; readonly before: Json; readonly after: Json }[];
};

/** Tables that are compared value by value; further ones only by their digests. */
const mostTables = 60;

/** Compares two runs point by point. */
export async function compareRuns(before: Run, after: Run, store: Store): Promise<RunComparison> {
  const [old, now] = [before, after].map((run) => new Map(pointsOf(run).map((point) => [point.point, point]))) as [Map<string, RunPoint>, Map<string, RunPoint>];
  const index = new RecordIndex(store);
  const finder = new CauseFinder(index, (code) => store.codeFiles(code));
  const same: string[] = [];
  const different: PointDifference[] = [];
  const unknown: RunComparison['unknown'][number][] = [];
  let tables = 0;
  for (const [point, { key, outcome }] of now) {
    const earlier = old.get(point);
    if (!earlier) continue;
    const keys = [earlier.key, key];
    if (key !== null && earlier.key === key) {
      same.push(point);
      continue;
    }
    const [first, second] = keys.map((one) => (one === null ? undefined : index.get(one)));
    if (!first || !second) {
      const why = keys.includes(null) || [earlier.outcome, outcome].some((one) => one !== 'ran' && one !== 'cached') ? 'it did not get as far' : 'its record is gone';
      unknown.push({ point, before: earlier.outcome, after: outcome, why });
      continue;
    }
    const causes = finder.between(first, second);
    const outputs: OutputDifference[] = [];
    for (const difference of outputDifferences(first.outputs, second.outputs)) {
      const isWorthIt = difference.before !== null && difference.after !== null && difference.before !== difference.after && tables < mostTables;
      // Reading Parquet takes a library that no other part of the runner needs.
      const { compareTables } = await import('./compare-tables.js');
      const table = isWorthIt ? await compareTables(store, difference.before, difference.after) : undefined;
      if (table) tables++;
      outputs.push(table ? { ...difference, table } : difference);
    }
    different.push({
      point, stage: second.action.stage, before: first.key, after: second.key, causes, roots: rootsOf(point, causes), outputs,
      isRoot: causes.some(({ because }) => because.length === 0 || because.some((origin) => origin.causes.length === 0)), hasSameOutputs: outputs.every((output) => output.before === output.after),
    });
  }
  return {
    onlyBefore: [...old.keys()].filter((point) => !now.has(point)), onlyAfter: [...now.keys()].filter((point) => !old.has(point)),
    same, different, unknown, circumstances: compareCircumstances(before, after),
  };
}

type Outputs = { readonly [name: string]: OutputDigests };

function outputDifferences(before: Outputs, after: Outputs): OutputDifference[] {
  return namesOf(before, after).flatMap((output) => {
    const [old, now] = [before, after].map((outputs) => new Map(outputs[output] ? contentOf(outputs[output]).map(({ member, digest }) => [member ?? '', digest]) : [])) as [Map<string, string>, Map<string, string>];
    return [...new Set([...old.keys(), ...now.keys()])].map((member) => ({ output, ...(member === '' ? {} : { member }), before: old.get(member) ?? null, after: now.get(member) ?? null }));
  });
}

/** What was around the runs, where it differs. */
function compareCircumstances(before: Run, after: Run): RunComparison['circumstances'] {
  const [old, now] = [circumstancesOf(before), circumstancesOf(after)];
  return namesOf(old, now).flatMap((field) => {
    const [a, b] = [old[field] ?? null, now[field] ?? null];
    return canonicalEncoding(a) === canonicalEncoding(b) ? [] : [{ field, before: a, after: b }];
  });
}

function circumstancesOf({ manifest, state }: Run): { readonly [field: string]: Json } {
  const { pipeline, path, argv, overrides, git, environment, process, durationMs } = manifest;
  return {
    pipeline, path, state, argv: argv.join(' '), overrides: overrides.join(' '), 'git commit': git?.commit ?? null, 'git changes': git?.diff ?? null, host: process.host,
    ...environment, durationMs, peakMemoryBytes: peakMemoryOf(manifest),
  };
}

/** The most memory that a stage took that ran; null if none did. */
export function peakMemoryOf({ points }: Pick<RunManifest, 'points'>): number | null {
  return points.reduce<number | null>((most, { outcome, peakMemoryBytes }) => (outcome === 'ran' && peakMemoryBytes !== undefined ? Math.max(most ?? 0, peakMemoryBytes) : most), null);
}

function namesOf(...objects: readonly object[]): string[] {
  return [...new Set(objects.flatMap((object) => Object.keys(object)))];
}
