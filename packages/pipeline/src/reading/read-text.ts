import { isUtf8 } from 'node:buffer';
import { open, stat } from 'node:fs/promises';
import { PipelineError } from '../pipeline-error.js';

const largestBytes = 1024 * 1024;

/**
 * Reads a text file that nobody vouches for.
 *
 * @throws PipelineError if it is no regular file, too large, or not UTF-8; with the line of the first byte that is not.
 */
export async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause instanceof PipelineError) throw cause;
    const why = cause.code === 'ENOENT' ? 'there is no such file. Correct the path' : cause.code === 'EACCES' ? 'you may not read it. Change its permissions' : cause.message;
    throw new PipelineError(`the pipeline can't be read: ${why}.`, { path, cause });
  });
  if (!isUtf8(bytes)) throw new PipelineError('the pipeline must be UTF-8 text; this line is not. Save the file as UTF-8.', { path, line: firstLineNotUtf8(bytes) });
  return new TextDecoder().decode(bytes);
}

async function readBytes(path: string): Promise<Buffer> {
  // Asked before it is opened: to open a named pipe waits for a writer.
  const found = await stat(path);
  if (!found.isFile()) {
    const what = found.isDirectory() ? 'a folder' : found.isFIFO() ? 'a named pipe' : found.isSocket() ? 'a socket' : 'a device';
    throw new PipelineError(`the pipeline must be a file; this is ${what}.${found.isDirectory() ? ' Name a YAML file in it.' : ''}`, { path });
  }
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(largestBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) break;
    }
    if (length > largestBytes) throw new PipelineError('the pipeline must be at most 1 MiB; this file is larger. A sweep is written as a matrix, data belongs in files of its own.', { path });
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

function firstLineNotUtf8(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
  }
  return line;
}
