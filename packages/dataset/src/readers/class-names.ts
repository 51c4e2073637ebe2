import { DataFileError } from '../images/labeled-images.js';
import { readBytes } from './read-bytes.js';

const maxBytes = 16 * 1024 * 1024;

/**
 * Reads `classNames` from a file that describes a data set.
 *
 * @throws DataFileError if it is no JSON, or they are no list of different texts.
 */
export async function readClassNames(path: string): Promise<string[]> {
  let content: { classNames?: unknown } | null;
  try {
    content = JSON.parse((await readBytes(path, { maxBytes })).toString('utf8')) as typeof content;
  } catch (cause) {
    if (cause instanceof DataFileError) throw cause;
    throw new DataFileError(`${path} must be JSON; ${(cause as Error).message}.`, { cause });
  }
  const names = content?.classNames;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string' && name !== '') || new Set(names).size !== names.length) throw new DataFileError(`${path} must hold classNames, a list of names that differ.`);
  return names as string[];
}
