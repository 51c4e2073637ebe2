import type { RunEvent } from '@memgeo/pipeline';
import fc from 'fast-check';

/** Texts as data may bring them: any characters, wide ones, sequences that move the cursor or clear the screen. */
export const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 200 }), fc.constantFrom('\u001b[2J\u001b[H', '中文字', 'a\r\nb\tc', '\u001b]0;title\u0007', '👩‍👩‍👧', '\u0301', '\u202e', '')
  .chain((special) => fc.string({ maxLength: 20 }).map((text) => text + special + text)));

const kinds = ['error', 'exit', 'signal', 'out-of-memory', 'timeout', 'no-space', 'start', 'bad-output', 'input', 'runner'] as const;
const number = fc.oneof(fc.nat(1000), fc.double());

function eventOf(point: string): fc.Arbitrary<RunEvent> {
  const key = 'f'.repeat(64);
  return fc.oneof(
    fc.constantFrom<RunEvent>({ type: 'cached', point, key }, { type: 'interrupted', point }),
    anyText.map((holder): RunEvent => ({ type: 'waiting', point, holder })),
    fc.record({ attempt: fc.integer({ min: 1, max: 3 }), texts: fc.array(anyText, { maxLength: 3 }) })
      .map(({ attempt, texts }): RunEvent => ({ type: 'started', point, key, attempt, threads: 1, reasons: texts.map((text) => ({ kind: 'new', text })) })),
    fc.record({ done: number, total: number, label: anyText }).map((progress): RunEvent => ({ type: 'progress', point, ...progress })),
    fc.record({ level: fc.constantFrom('log' as const, 'warning' as const), message: anyText }).map((message): RunEvent => ({ type: 'message', point, ...message })),
    fc.nat(1e7).map((durationMs): RunEvent => ({ type: 'done', point, key, durationMs, peakMemoryBytes: 2 ** 20 })),
    fc.record({ failure: fc.constantFrom(...kinds), error: anyText, willRetry: fc.boolean() }).map((failed): RunEvent => ({ type: 'failed', point, key, attempt: 1, workFolder: null, ...failed })),
    anyText.map((because): RunEvent => ({ type: 'skipped', point, because })),
    anyText.map((folder): RunEvent => ({ type: 'exported', point, folder })),
  );
}

/** The events of a run in any order, also in ones that make no sense, each with the time since the one before. */
export const anyRun: fc.Arbitrary<readonly { readonly after: number; readonly event: RunEvent }[]> = fc
  .array(fc.record({ stageName: fc.oneof(anyText, fc.constantFrom('train', 'data')), count: fc.integer({ min: 1, max: 12 }) }), { minLength: 1, maxLength: 45 })
  .chain((stages) => {
    const points = stages.flatMap(({ stageName, count }) => Array.from({ length: count }, (_, index) => ({ id: count === 1 ? stageName : `${stageName}[seed=${index}]`, stage: 'x/y', stageName })));
    const later = fc.constantFrom(...points.map(({ id }) => id), 'unknown').chain(eventOf);
    return fc.array(fc.record({ after: fc.nat(20_000), event: later }), { maxLength: 120 })
      .map((rest) => [{ after: 0, event: { type: 'begin', run: 'r', pipeline: 'p', points } satisfies RunEvent }, ...rest]);
  });
