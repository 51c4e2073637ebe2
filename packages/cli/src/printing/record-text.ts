import { contentOf, inputContents, madeBy, nameOfMade, type ActionRecord, type RecordIndex } from '@memgeo/pipeline';
import { formatDuration } from '../rendering/durations.js';
import { formatBytes, formatTime, listed, shortHash } from './amounts.js';

type Facts = (readonly [label: string, text: string])[];

/** As in `2026-01-02 10:11:12 UTC, in 4.2 s, 210 MiB of memory`. */
export function describeMaking({ startedAt, durationMs, peakMemoryBytes }: ActionRecord): string {
  return `${formatTime(startedAt)}, in ${formatDuration(durationMs)}, ${formatBytes(peakMemoryBytes)} of memory`;
}

export function describeReasons({ reasons }: ActionRecord): string {
  return reasons.length === 0 ? 'not told' : reasons.map(({ text }) => text).join('; ');
}

/** What an action took: per input, the points that made it, with their keys. */
export function describeInputs(record: ActionRecord, index: RecordIndex): Facts {
  const makerOf = index.inputMakers(record.upstream);
  const inputs = Object.entries(record.action.inputs).map(([port, content]) => {
    const makers = new Map<string, Set<string>>();
    for (const { digest } of inputContents(content)) {
      const made = makerOf(digest);
      const maker = made ? shortHash(made.record.key) : `record gone`;
      makers.set(maker, (makers.get(maker) ?? new Set()).add(made ? nameOfMade(made) : shortHash(digest)));
    }
    return [`in.${port}`, listed([...makers].map(([key, names]) => `${listed([...names], 3)} (key ${key})`))] as const;
  });
  return [...inputs, ...Object.entries(record.action.files).map(([name, digest]) => [`files.${name}`, shortHash(digest)] as const)];
}

/** What an action gave: names and the beginnings of digests. */
export function describeOutputs(record: ActionRecord): Facts {
  return Object.entries(record.outputs).map(([output, content]) => [`output`, `${output} ${listed(contentOf(content).map(({ member, digest }) => `${member === undefined ? '' : `/${member} `}${shortHash(digest)}`))}`] as const);
}

/** A name that `show` takes for one of its outputs. */
export function anyOutputOf(record: ActionRecord): string {
  const made = madeBy(record)[0];
  return made ? `${record.point}.${made.output}` : record.point;
}
