import type { Json } from '@memgeo/artifacts';
import type { RunManifest } from '../running/run-manifest.js';
import type { ActionRecord } from '../store/record.js';
import type { Found } from './find-artifact.js';
import { madeBy, usedBy, type Made, type RecordIndex, type Use } from './record-index.js';
import type { Executions } from './run-points.js';

/** An action in a lineage. */
export type LineageAction = {
  readonly key: string;
  readonly point: string;
  readonly stage: string;
  readonly version: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly peakMemoryBytes: number;
  readonly params: { readonly [name: string]: Json };
  /** Digests of the files outside the store that it read. */
  readonly files: { readonly [name: string]: string };
  /** The run that executed it, if it is still known. */
  readonly run: string | null;
  readonly git: RunManifest['git'];
};

/** `maker` took part in `user`, through an artifact; its output and the user's port say as what. `maker` is null where no record tells any more. */
export type LineageLink = {
  readonly digest: string; readonly maker: string | null; readonly output: string | null; readonly member: string | null;
  readonly user: string; readonly port: string; readonly label: string;
};

/** A graph of actions, each once, and the artifacts between them. */
export type Lineage = { readonly direction: 'up' | 'down'; /** Keys of the actions it begins with. */ readonly roots: readonly string[]; readonly actions: ReadonlyMap<string, LineageAction>; readonly links: readonly LineageLink[] };

/** The actions that made an artifact, from the last back to the data. */
export function lineageUp(found: Found, { index, executions }: { index: RecordIndex; executions: Executions }): Lineage {
  const root = found.kind === 'artifact' ? found.made?.record : found.record;
  const actions = new Map<string, LineageAction>();
  const links: LineageLink[] = [];
  const waiting = root ? [root] : [];
  for (const record of waiting) {
    if (actions.has(record.key)) continue;
    actions.set(record.key, describe(record, executions));
    const makerOf = index.inputMakers(record.upstream);
    for (const use of usedBy(record)) {
      const made = makerOf(use.digest);
      links.push(linkOf(made, use));
      if (made) waiting.push(made.record);
    }
  }
  return { direction: 'up', roots: root ? [root.key] : [], actions, links };
}

/** The actions that took an artifact, those that took what they made, and so on. */
export function lineageDown(found: Found, { index, executions }: { index: RecordIndex; executions: Executions }): Lineage {
  const actions = new Map<string, LineageAction>();
  const links: LineageLink[] = [];
  const waiting: ActionRecord[] = [];
  const follow = (digest: string, made: Made | undefined): void => {
    for (const use of index.usersOf(digest)) {
      links.push(linkOf(made, { ...use, digest }));
      waiting.push(use.record);
    }
  };
  if (found.kind === 'artifact') follow(found.digest, found.made);
  else for (const made of madeBy(found.record)) if (found.kind === 'action' || made.output === found.output) follow(made.digest, made);
  const roots = [...new Set(waiting.map(({ key }) => key))];
  for (const record of waiting) {
    if (actions.has(record.key)) continue;
    actions.set(record.key, describe(record, executions));
    for (const made of madeBy(record)) follow(made.digest, made);
  }
  return { direction: 'down', roots, actions, links };
}

function linkOf(made: Made | undefined, { record, port, label, digest }: Use & { readonly digest: string }): LineageLink {
  return { digest, maker: made?.record.key ?? null, output: made?.output ?? null, member: made?.member ?? null, user: record.key, port, label };
}

function describe(record: ActionRecord, executions: Executions): LineageAction {
  const { key, point, startedAt, durationMs, peakMemoryBytes, action: { stage, version, params, files } } = record;
  const run = executions.of(key);
  return { key, point, stage, version, startedAt, durationMs, peakMemoryBytes, params, files, run: run?.id ?? null, git: run?.git ?? null };
}
