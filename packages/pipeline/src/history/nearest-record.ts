import { canonicalEncoding, type Json } from '@memgeo/artifacts/contract';
import type { Action, ActionRecord, LatestState } from '../store/record.js';
import type { RecordIndex } from './record-index.js';

/** What an action is compared with. `latest`: what the point last stood for. `nearest`: of all actions of the stage the one that differs in the fewest fields. */
export type Comparison = { readonly record: ActionRecord; readonly how: 'latest' | 'nearest' };

/** Finds the earlier action that tells most about why an action has to be done; undefined if the stage was never executed. */
export function nearestRecord(action: Action, key: string, { latest, index }: { latest: LatestState | undefined; index: RecordIndex }): Comparison | undefined {
  const latestKey = latest?.outcome === 'failed' ? latest.doneKey : latest?.key;
  const last = latestKey === undefined || latestKey === null || latestKey === key ? undefined : index.get(latestKey);
  if (last) return { record: last, how: 'latest' };
  const fields = fieldsOf(action);
  let best: { record: ActionRecord; count: number } | undefined;
  // The newest comes first, so that of equally near ones it wins.
  for (const record of index.all) {
    if (record.action.stage !== action.stage || record.key === key) continue;
    const count = countDifferences(fields, fieldsOf(record.action), best?.count ?? Infinity);
    if (count < (best?.count ?? Infinity)) best = { record, count };
  }
  return best && { record: best.record, how: 'nearest' };
}

function fieldsOf(action: Action): Map<string, string> {
  const fields = new Map<string, string>([['version', String(action.version)], ['code', action.code]]);
  const add = (path: string, value: Json): void => {
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) for (const [name, inner] of Object.entries(value)) add(`${path}.${name}`, inner as Json);
    else fields.set(path, canonicalEncoding(value));
  };
  add('with', action.params);
  for (const [port, content] of Object.entries(action.inputs)) fields.set(`in.${port}`, canonicalEncoding(content as unknown as Json));
  for (const [name, digest] of Object.entries(action.files)) fields.set(`files.${name}`, digest);
  return fields;
}

function countDifferences(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>, limit: number): number {
  let count = 0;
  for (const [name, value] of a) if (b.get(name) !== value && ++count >= limit) return count;
  for (const name of b.keys()) if (!a.has(name) && ++count >= limit) return count;
  return count;
}
