import type { RunEvent, RunSummary } from '@memgeo/pipeline';
import { describeFailures } from './failure-report.js';
import { sizeOf, type TerminalStream } from './frame-writer.js';
import type { Invocation } from './invocation.js';
import { jsonRenderer } from './json-renderer.js';
import { liveRenderer, type LiveStream } from './live-renderer.js';
import { plainRenderer } from './plain-renderer.js';
import { summarizeRun } from './summary.js';
import { canRewrite, hasColors, hasUnicode, type Environment } from './terminal-abilities.js';

/** Shows a run to whoever looks. */
export type Renderer = {
  readonly show: (event: RunEvent) => void;
  /** Says something about the run as a whole. */
  readonly note: (text: string) => void;
  /** The run is being ended early. */
  readonly interrupt: () => void;
  /** Ends the drawing, also of a run that could not go on. A second call does nothing. */
  readonly close: () => void;
  /** Ends the drawing and says what the run came to. */
  readonly finish: (summary: RunSummary, invocation: Invocation) => void;
};

export type RendererOptions = {
  /** Events for programs, and nothing else on stdout. */
  readonly json?: boolean | undefined;
  /** Lines, also on a terminal. */
  readonly plain?: boolean | undefined;
  readonly stdout?: LiveStream & { readonly isTTY?: boolean };
  readonly stderr?: TerminalStream & { readonly isTTY?: boolean };
  readonly env?: Environment;
};

/** A live tree on a terminal, lines elsewhere; colors where they are wanted. */
export function chooseRenderer({ json = false, plain = false, stdout = process.stdout, stderr = process.stderr, env = process.env }: RendererOptions = {}): Renderer {
  const colors = hasColors(stdout, env);
  const writeLine = (line: string): void => void stdout.write(`${line}\n`);
  const noteLine = (text: string): void => void stderr.write(`${text}\n`);
  const tellInterrupted = (): void => noteLine('Interrupted: ending what runs. Ctrl-C again ends it at once.');
  const shown: Omit<Renderer, 'finish'> = json ? { show: jsonRenderer(writeLine), note: noteLine, interrupt: tellInterrupted, close: () => undefined }
    : !plain && canRewrite(stdout, env) ? liveRenderer(stdout, { colors, unicode: hasUnicode(env) })
      : { ...plainRenderer(writeLine, { colors }), note: noteLine, interrupt: tellInterrupted };
  return {
    ...shown,
    finish: (summary, invocation) => {
      shown.close();
      if (!json) stdout.write(`${plain || !canRewrite(stdout, env) ? '' : '\n'}${summarizeRun(summary, invocation, { colors })}\n`);
      const failures = describeFailures(summary, invocation, { colors: hasColors(stderr, env), columns: stderr.isTTY === true ? sizeOf(stderr).columns : Infinity });
      if (failures !== '') stderr.write(`\n${failures}\n`);
    },
  };
}
