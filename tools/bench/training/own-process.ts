import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const marker = 'measured: ';
/** As it was before this process looked which backends work: TensorFlow's settings stay in the environment once it has been loaded. */
const environment = { ...process.env };

/** Prints what a program of {@link inOwnProcess} has measured. */
export function report(result: unknown): void {
  console.log(`\n${marker}${JSON.stringify(result)}`);
}

/**
 * Runs a measuring program of this folder in a process of its own: a backend stays open until its process ends, and its memory never shrinks.
 *
 * @returns what it reports.
 * @throws Error with the last thing that it said, if it fails.
 */
export async function inOwnProcess<T>(program: string, request: unknown): Promise<T> {
  return runForReport<T>(process.execPath, ['--conditions=@memgeo/source', '--import', 'tsx', fileURLToPath(new URL(program, import.meta.url)), JSON.stringify(request)]);
}

/** As {@link inOwnProcess}, for any command that prints its result as {@link report} does. */
export async function runForReport<T>(command: string, args: readonly string[]): Promise<T> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { env: environment, maxBuffer: 2 ** 28, timeout: 30 * 60_000 });
    const line = stdout.split('\n').findLast((text) => text.startsWith(marker));
    if (line === undefined) throw new Error('internal: it reports nothing.');
    return JSON.parse(line.slice(marker.length)) as T;
  } catch (cause) {
    const { stderr = '', message } = cause as Error & { stderr?: string };
    const said = stderr.split('\n').filter((line) => /error/i.test(line) && !/^\s+at /.test(line));
    throw new Error(said.at(-1)?.trim() ?? message.split('\n')[0], { cause });
  }
}
