import { nameOfMade, type ActionRecord, type RecordIndex } from '@memgeo/pipeline';
import { formatBytes, formatTime, listed, shortHash } from '../../printing/amounts.js';
import type { Page } from '../../printing/page.js';
import { describeParams, shorten } from '../../printing/params-text.js';
import { describeInputs, describeMaking, describeOutputs, describeReasons } from '../../printing/record-text.js';
import { formatDuration } from '../../rendering/durations.js';

/** An action: what it was, why and how it was done, what it took and gave. */
export function describeAction(record: ActionRecord, index: RecordIndex, page: Page): void {
  const { key, point, action, warnings, environment, facts } = record;
  page.line(`${point} (${action.stage}), an action`).facts([
    ['key', key], ['made', describeMaking(record)], ['because', describeReasons(record)],
    ...(Object.keys(action.params).length > 0 ? [['with', describeParams(action.params)] as const] : []),
    ...describeInputs(record, index), ...describeOutputs(record), ...warnings.map((warning) => ['warned', warning] as const),
    ...(Object.keys(facts).length > 0 ? [['facts', shorten(JSON.stringify(facts), 400)] as const] : []),
    ['on', describeEnvironment(environment)],
  ]);
}

/** As in `node v20.1.0, cores 8, memory 24 GiB`. */
export function describeEnvironment(environment: { readonly [name: string]: unknown }): string {
  return Object.entries(environment).map(([name, value]) => (name === 'memoryBytes' ? `memory ${formatBytes(Number(value))}` : `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)).join(', ');
}

/** Who made artifacts and who used them, in a line or two each. */
export function describeMaker(record: ActionRecord, digests: readonly string[], index: RecordIndex, page: Page): void {
  page.fact('made by', `${record.point} (${record.action.stage}), ${formatTime(record.startedAt)}, in ${formatDuration(record.durationMs)}, key ${shortHash(record.key)}`);
  if (Object.keys(record.action.params).length > 0) page.fact('with', describeParams(record.action.params));
  const users = [...new Set(digests.flatMap((digest) => index.usersOf(digest).map(({ record: { point } }) => point)))];
  page.fact('used by', users.length === 0 ? 'nothing' : listed(users));
  if (digests.length !== 1) return;
  const others = [...new Set(index.makersOf(digests[0]!).filter((made) => made.record.key !== record.key).map((made) => `${nameOfMade(made)} (key ${shortHash(made.record.key)})`))];
  if (others.length > 0) page.fact('also', `made by ${listed(others)}`);
}
