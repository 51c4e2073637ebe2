import { cleanLines } from './clean-text.js';
import { drawRun } from './draw-run.js';
import { gistOf } from './draw-stage.js';
import { FrameWriter, sizeOf, type TerminalStream } from './frame-writer.js';
import type { Renderer } from './renderer.js';
import { advance, newRunState } from './run-state.js';
import { paint } from './styled-line.js';
import { WarningGroups } from './warning-groups.js';
import { failureWords } from './wording.js';
import { wrapText } from './wrap-text.js';

export type LiveStream = TerminalStream & { readonly on: (event: 'resize', listener: () => void) => unknown; readonly off: (event: 'resize', listener: () => void) => unknown };

/** Time between two drawings: ten a second at most. */
const frameMs = 100;

/** Shows a run as a tree that is drawn over and over at the end of a terminal; warnings stay above it. */
export function liveRenderer(stream: LiveStream, { colors, unicode, clock = Date.now }: { readonly colors: boolean; readonly unicode: boolean; readonly clock?: () => number }): Omit<Renderer, 'finish'> {
  const state = newRunState(clock());
  const writer = new FrameWriter(stream);
  const warnings = new WarningGroups();
  let above: string[] = [];
  let isClosed = false;

  const draw = (): void => {
    if (state.stages.size === 0 && above.length === 0) return;
    writer.write(drawRun(state, { ...sizeOf(stream), now: clock(), colors, unicode }), above);
    above = [];
  };
  const warn = (text: string): void => {
    const [first = '', ...more] = cleanLines(text);
    const { columns } = sizeOf(stream);
    const lines = [`warning: ${first}`, ...more.map((line) => `  ${line}`)].flatMap((line) => wrapText(line, columns));
    above.push(...lines.map((line, index) => (index === 0 ? line.replace(/^warning:/, paint('warning:', 'yellow', colors)) : line)));
  };
  const timer = setInterval(draw, frameMs);
  timer.unref();
  stream.on('resize', draw);

  return {
    show: (event) => {
      const stageName = 'point' in event ? (state.stageOf.get(event.point)?.name ?? event.point) : '';
      if (event.type === 'message' && event.level === 'warning' && warnings.isNews(stageName, event.point, event.message)) warn(`${event.point}: ${event.message}`);
      if (event.type === 'failed' && event.willRetry) {
        const reason = `${failureWords(event.failure)} in attempt ${event.attempt} and is tried again: ${gistOf(event.error)}`;
        if (warnings.isNews(stageName, event.point, reason)) warn(`${event.point} ${reason}`);
      }
      advance(state, event, clock());
    },
    note: (text) => {
      above.push(...cleanLines(text));
      draw();
    },
    interrupt: () => {
      state.isInterrupted = true;
      draw();
    },
    close: () => {
      if (isClosed) return;
      isClosed = true;
      clearInterval(timer);
      stream.off('resize', draw);
      state.hasEnded = true;
      warnings.rest().forEach(warn);
      if (state.stages.size > 0 || above.length > 0) writer.write(drawRun(state, { columns: sizeOf(stream).columns, rows: Infinity, now: clock(), colors, unicode }), above);
      writer.leave();
    },
  };
}
