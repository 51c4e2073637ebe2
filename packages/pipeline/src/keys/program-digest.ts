import { digestPath, digestValue, type Json } from '@memgeo/artifacts/contract';
import type { Point } from '../planning/pipeline.js';
import type { CodeFiles, StageCode } from './code-digest.js';

/** What languages and version control leave beside code in a folder, and what changes without it. */
const noCode = new Set(['__pycache__', '.git', '.DS_Store']);

export function isNoCode(name: string): boolean {
  return noCode.has(name);
}

/**
 * Digests what a stage that is a program executes: the contents of the files its command line and `watch` name, and everything the pipeline
 * file says of how it is called. The interpreter, a name looked up when it runs, counts by that name.
 */
export async function digestProgram({ declaration, code }: NonNullable<Point['program']>): Promise<StageCode & { readonly files: CodeFiles }> {
  const files = Object.fromEntries(await Promise.all(Object.entries(code).map(async ([name, path]) => [name, await digestPath(path, { isSkipped: isNoCode })] as const)));
  const named = new Map(Object.entries(code).map(([name, path]) => [path, name]));
  // Where the files lie is no part of what they do.
  const command = declaration.command.map((word) => named.get(word) ?? word);
  return { digest: digestValue({ ...declaration, command, files } as unknown as Json), inputs: Object.values(code), files };
}
