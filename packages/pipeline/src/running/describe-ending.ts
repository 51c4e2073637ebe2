import { failureKinds, type FailureKind } from './failure.js';
import type { StageResult } from '@memgeo/stage';

/** What is known of a stage's process that did not succeed. */
export type Ending = {
  readonly result: StageResult | undefined;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** Why the process could not be started. */
  readonly cause: string | undefined;
  /** Of what it printed. */
  readonly lastLines: readonly string[];
  readonly timedOut: boolean;
  readonly timeoutMs: number | undefined;
  /** Whether the system ended some process for want of memory meanwhile. */
  readonly ranOutOfMemory: boolean;
  readonly logPath: string;
};

/** What programs print when they can't get memory: V8, WebAssembly, Node's buffers, C++, Python, glibc. */
const memoryWords = /heap out of memory|Reached heap limit|Array buffer allocation failed|Cannot enlarge memory|could not allocate memory|WebAssembly\.Memory.*(grow|allocat)|std::bad_alloc|^MemoryError\b|Cannot allocate memory|ENOMEM/im;
const spaceWords = /ENOSPC|No space left on device/i;

/** Tells the kinds of failures apart. */
export function describeEnding(ending: Ending): { readonly kind: FailureKind; readonly message: string } {
  const { result, exitCode, signal, cause, lastLines, timedOut, timeoutMs, ranOutOfMemory, logPath } = ending;
  const printed = lastLines.join('\n');
  const tail = `${lastLines.length === 0 ? '' : `\nIts last lines:\n${lastLines.map((line) => `  ${line}`).join('\n')}`}\nLog: ${logPath}`;
  if (timedOut) return { kind: 'timeout', message: `It took longer than its timeout of ${timeoutMs! / 1000} s.${tail}` };
  if (result?.status === 'failed') {
    const { kind, message, stack } = result.error;
    if (isKind(kind)) return { kind, message };
    // The stack of an error that nobody foresaw stands in the log.
    const text = stack === undefined ? message : `${message}\nWhere it happened: ${logPath}`;
    return { kind: spaceWords.test(message) ? 'no-space' : memoryWords.test(message) ? 'out-of-memory' : 'error', message: text };
  }
  if (exitCode === undefined && signal === undefined) return { kind: 'start', message: `The process could not be started: ${cause ?? 'unknown reason'}` };
  if (spaceWords.test(printed)) return { kind: 'no-space', message: `The disk is full. Free some space and run again; what was finished is kept.${tail}` };
  if (memoryWords.test(printed) || (signal === 'SIGKILL' && ranOutOfMemory)) return { kind: 'out-of-memory', message: `It ran out of memory${ranOutOfMemory ? ', and the system ended it' : ''}.${tail}` };
  if (signal === 'SIGKILL') return { kind: 'signal', message: `The process was killed by SIGKILL.${tail}` };
  if (signal !== undefined) return { kind: 'signal', message: `The process was ended by ${signal}.${tail}` };
  return { kind: 'exit', message: `The process ended with exit code ${exitCode}${exitCode === 0 ? ' but' : ' and'} left no result.${tail}` };
}

function isKind(kind: string | undefined): kind is FailureKind {
  return failureKinds.some((known) => known === kind);
}
