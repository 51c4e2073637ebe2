import { contentOf, inputContents, nameOfMade, type ActionRecord, type RecordIndex } from '@memgeo/pipeline';
import { formatBytes, formatTime, listed, shortHash } from '../../printing/amounts.js';
import type { Page } from '../../printing/page.js';
import { describeParams, shorten } from '../../printing/params-text.js';
import { formatDuration } from '../../rendering/durations.js';

/** An action: what it was, why and how it was done, what it took and gave. */
export function describeAction(record: ActionRecord, index: RecordIndex, page: Page): void {
  const { key, point, action, startedAt, durationMs, peakMemoryBytes, reasons, upstream, warnings, environment, facts } = record;
  page.line(`${point} (${action.stage}), an action`).fact('key', key, 0).fact('made', `${formatTime(startedAt)}, in ${formatDuration(durationMs)}, ${formatBytes(peakMemoryBytes)} of memory`, 0);
  if (reasons.length > 0) page.fact('because', reasons.map(({ text }) => text).join('; '), 0);
  if (Object.keys(action.params).length > 0) page.fact('with', describeParams(action.params), 0);
  const makerOf = index.inputMakers(upstream);
  for (const [port, content] of Object.entries(action.inputs)) {
    page.fact(`in.${port}`, listed([...new Set(inputContents(content).map(({ digest }) => { const made = makerOf(digest); return made ? nameOfMade(made) : shortHash(digest); }))]), 0);
  }
  for (const [name, digest] of Object.entries(action.files)) page.fact(`files.${name}`, digest, 0);
  for (const [output, content] of Object.entries(record.outputs)) page.fact('output', `${output}  ${listed(contentOf(content).map(({ member, digest }) => `${member === undefined ? '' : `/${member} `}${shortHash(digest)}`))}`, 0);
  for (const warning of warnings) page.fact('warned', warning, 0);
  if (Object.keys(facts).length > 0) page.fact('facts', shorten(JSON.stringify(facts), 400), 0);
  page.fact('on', Object.entries(environment).map(([name, value]) => `${name} ${String(value)}`).join(', '), 0);
}

/** Who made an artifact and who used it, in a line or two each. */
export function describeMaker(record: ActionRecord, digest: string, index: RecordIndex, page: Page): void {
  page.fact('made by', `${record.point} (${record.action.stage}), ${formatTime(record.startedAt)}, in ${formatDuration(record.durationMs)}, key ${shortHash(record.key)}`, 0);
  if (Object.keys(record.action.params).length > 0) page.fact('with', describeParams(record.action.params), 0);
  const users = [...new Set(index.usersOf(digest).map(({ record: { point } }) => point))];
  const others = [...new Set(index.makersOf(digest).filter((made) => made.record.key !== record.key).map(nameOfMade))];
  page.fact('used by', users.length === 0 ? 'nothing' : listed(users), 0);
  if (others.length > 0) page.fact('also', `made by ${listed(others)}`, 0);
}
