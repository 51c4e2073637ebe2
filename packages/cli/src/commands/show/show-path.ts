import { isTensorFile, listNpzTensors, readTableFile, readTensor } from '@memgeo/artifacts';
import { contentOfTable, contentOfTensor, type Content } from './content.js';

/** What a data file outside the store holds, by name for one with several parts; undefined if it is no such file. */
export async function contentOfFile(path: string): Promise<{ readonly [part: string]: Content } | undefined> {
  if (path.endsWith('.parquet')) {
    const rows = await readTableFile(path);
    if (rows.length > 0 || !isTensorFile(path)) return { [path]: contentOfTable(rows) };
  }
  if (!isTensorFile(path)) return undefined;
  const parts = path.endsWith('.npz') ? await listNpzTensors(path) : [];
  const contents: { [part: string]: Content } = {};
  for (const part of parts.length > 1 ? parts.map((name) => `${path}#${name}`) : [path]) contents[part] = contentOfTensor(await readTensor(part, { schema: '' }));
  return contents;
}
