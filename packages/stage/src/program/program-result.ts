import { lstat, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { StageError } from '../execution/stage-error.js';

const maxBytes = 1024 * 1024;
const resultSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('done'), facts: z.record(z.string(), z.json()).default({}) }),
  z.strictObject({ status: z.literal('failed'), message: z.string().min(1) }),
]);
/** What a program may say in its `result.json`. */
export type ProgramResult = z.output<typeof resultSchema>;

/**
 * Reads what a program says of itself, if it does.
 *
 * @throws StageError if the file isn't what the contract says.
 */
export async function readProgramResult(path: string): Promise<ProgramResult | undefined> {
  const refuse = (reason: string): never => { throw new StageError(`The program's result.json must be {"status": "done", "facts": {...}} or {"status": "failed", "message": "..."}; ${reason}.`, { kind: 'bad-output' }); };
  const file = await lstat(path).catch(() => undefined);
  if (!file) return undefined;
  if (!file.isFile()) refuse('it is no file');
  if (file.size > maxBytes) refuse(`it has ${file.size} bytes, of at most ${maxBytes}. Write what is large as an output`);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    refuse(`it is no JSON: ${(cause as Error).message}`);
  }
  const result = resultSchema.safeParse(value);
  return result.success ? result.data : refuse(z.prettifyError(result.error));
}
