import { readFile, stat } from 'node:fs/promises';
import { ArtifactError } from '../artifact-error.js';
import { readNpyColumn } from './npy-file.js';
import { readNpzColumn, splitMember } from './npz-file.js';
import type { RowColumn } from './tensor.js';

/** What a first line may say that is no label itself, in any case. */
const headings = ['manifold', 'manifolds', 'label', 'labels', 'class', 'classes', 'target', 'targets', 'y'];
const maxTextBytes = 256 * 1024 * 1024;

/**
 * Reads one label per row of a tensor, whole numbers of 32 bits or names, from a file beside it.
 *
 * @param address  A `.npy` file of one axis; `file.npz#member`, or a `.npz` file whose labels are called as in
 *   {@link readNpzTensor}; or a `.csv` or `.txt` file with a label a line, perhaps below a heading such as "label".
 * @throws ArtifactError if it is none of these or a label is missing.
 */
export async function readLabels(address: string): Promise<RowColumn> {
  const { path } = splitMember(address);
  if (path.endsWith('.npz')) return readNpzColumn(address);
  if (path.endsWith('.npy')) return readNpyColumn(path);
  if (/\.(csv|txt)$/.test(path)) return parseLabels(await readText(path), path);
  throw new ArtifactError(`readLabels: labels must be a .npy, .npz, .csv or .txt file; got ${address}.`, { path });
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > maxTextBytes) throw new Error(`it has ${size} bytes, and at most ${maxTextBytes} are read as text. Save the labels as .npy`);
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    throw new ArtifactError(`readLabels: ${path} can't be read: ${(cause as Error).message}.`, { path, cause });
  }
}

function parseLabels(text: string, path: string): RowColumn {
  const lines = text.replace(/(\r?\n)+$/, '').split(/\r?\n/).map((line) => line.trim());
  const labels = lines.map((line, i) => {
    const [, quoted] = /^"((?:[^"]|"")*)"$/.exec(line) ?? [];
    if (line === '') throw new ArtifactError(`readLabels: ${path} must have a label in each line; line ${i + 1} is empty.`, { path });
    if (quoted === undefined && path.endsWith('.csv') && /[,;\t]/.test(line)) throw new ArtifactError(`readLabels: ${path} must have one column; line ${i + 1} is "${line.slice(0, 60)}". Keep the labels alone.`, { path });
    return quoted?.replaceAll('""', '"') ?? line;
  });
  // A name above numbers is a heading too.
  const isHeading = headings.includes(labels[0]!.toLowerCase()) || (Number.isNaN(Number(labels[0])) && labels.length > 1 && labels.slice(1).every(isWhole));
  const entries = isHeading ? labels.slice(1) : labels;
  return entries.every(isWhole) ? Int32Array.from(entries, Number) : entries;
}

function isWhole(label: string): boolean {
  return /^[+-]?\d+(\.0*)?$/.test(label) && Math.abs(Number(label)) <= 0x7fffffff;
}
