import { ArtifactError } from '../artifact-error.js';
import { readRegularFile } from '../files/regular-file.js';
import { readNpyColumn } from './npy-file.js';
import { readNpzColumn, splitMember } from './npz-file.js';
import type { RowColumn } from './tensor.js';

/** What a first line may say that is no label itself, in any case. */
const headings = ['manifold', 'manifolds', 'label', 'labels', 'class', 'classes', 'target', 'targets', 'y'];
const maxTextBytes = 256 * 1024 * 1024;
const maxLabels = 2 ** 24;

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
  const bytes = await readRegularFile(path, { maxBytes: maxTextBytes });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ArtifactError(`readLabels: ${path} can't be read: it must be UTF-8 text.`, { path, cause });
  }
}

/** The lines of a text without the empty ones at its end. */
function linesOf(text: string, path: string): string[] {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--;
  const lines: string[] = [];
  for (let at = 0; at <= end;) {
    const next = text.indexOf('\n', at);
    const stop = next < 0 || next > end ? end : next;
    lines.push(text.slice(at, stop).trim());
    if (lines.at(-1) === '') throw new ArtifactError(`readLabels: ${path} must have a label in each line; line ${lines.length} is empty.`, { path });
    if (lines.length > maxLabels) throw new ArtifactError(`readLabels: ${path} must have at most ${maxLabels} lines. Save the labels as .npy.`, { path });
    at = stop + 1;
  }
  return lines;
}

function parseLabels(text: string, path: string): RowColumn {
  const lines = linesOf(text, path);
  const labels = lines.map((line, i) => {
    const [, quoted] = /^"((?:[^"]|"")*)"$/.exec(line) ?? [];
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
