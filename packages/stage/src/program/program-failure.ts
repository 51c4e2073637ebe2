import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { StageError, type StageErrorKind } from '../execution/stage-error.js';
import { programTitle } from './program-stage.js';
import type { Program } from './program.js';
import type { ProgramEnding } from './start-program.js';

/** What programs say when they can't get memory: Python, NumPy, C++, C, Java, R, PyTorch, Node.js. */
const memoryWords = /\b(MemoryError|bad_alloc|OutOfMemoryError|out of memory|cannot allocate (memory|vector)|unable to allocate .*(array|B\b))/i;
const spaceWords = /No space left on device|ENOSPC|disk quota exceeded/i;
const signalOffset = 128;
const killSignal = 9;

/** Says how a program failed, as one error with the last lines that it printed; undefined if it ended with exit code 0. */
export function programFailure(program: Program, ending: ProgramEnding): StageError | undefined {
  const { startError, exitCode, signal, lastLines, ranOutOfMemory } = ending;
  if (startError) return new StageError(startMessage(program.command[0]!, startError), { kind: 'start', cause: startError });
  if (exitCode === 0) return undefined;
  const title = `The program (${programTitle(program)})`;
  const tail = lastLines.length === 0 ? ' It printed nothing.' : `\nIts last lines:\n${lastLines.map((line) => `  ${printable(line)}`).join('\n')}`;
  const fail = (kind: StageErrorKind, what: string): StageError => new StageError(`${title} ${what}.${tail}`, { kind });
  const how = signal === undefined ? `ended with exit code ${exitCode}` : `was ended by ${signal}`;
  const wasKilled = signal === 'SIGKILL' || exitCode === signalOffset + killSignal;
  const printed = lastLines.join('\n');
  if ((wasKilled && ranOutOfMemory) || memoryWords.test(printed)) return fail('out-of-memory', `ran out of memory: it ${how}. Lower --jobs, or give it less to do at once`);
  if (spaceWords.test(printed)) return fail('no-space', `found the disk full: it ${how}. Free some space and run again; what was finished is kept`);
  if (signal === 'SIGKILL') return fail('signal', `${how}. Somebody did that, or memory ran out`);
  if (signal !== undefined) return fail('signal', how);
  return fail('exit', how);
}

function startMessage(program: string, { code, message }: NodeJS.ErrnoException): string {
  const isPath = program.includes('/');
  const file = isPath ? statSync(program, { throwIfNoEntry: false }) : undefined;
  if (code === 'ENOENT' && !isPath) return `There is no program "${printable(program)}" in any folder of PATH (${process.env.PATH ?? 'which is not set'}). Correct the first word behind exec:, or install the program.`;
  if (code === 'ENOENT' && file) {
    const interpreter = firstLine(program);
    return `The program ${program} can't be started: its first line, ${JSON.stringify(interpreter)}, names an interpreter that does not exist${interpreter.endsWith('\r') ? ', because the line ends as on Windows, with a carriage return' : ''}. Correct it, or name the interpreter, as in exec:python3 FILE.`;
  }
  if (code === 'ENOENT') return `There is no program ${program}. Correct the path behind exec:.`;
  if (code === 'EACCES' && file?.isDirectory() === true) return `The program ${program} is a folder. Name a file behind exec:.`;
  if (code === 'EACCES') return `The program ${program} is not executable. Make it so by chmod +x ${program}, or name its interpreter, as in exec:python3 FILE.`;
  return `The program ${program} can't be started: ${message}.`;
}

function firstLine(path: string): string {
  const bytes = Buffer.alloc(200);
  const file = openSync(path, 'r');
  try {
    return bytes.subarray(0, readSync(file, bytes)).toString().split('\n')[0]!;
  } finally {
    closeSync(file);
  }
}

/** What a terminal would obey is not shown. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\t]/gu, '\uFFFD');
}
