import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactError } from '../artifact-error.js';
import { readRegularFile } from '../files/regular-file.js';
import { readTensorFile } from './arrow-file.js';
import { readLabels } from './labels-file.js';
import { readNpyTensor } from './npy-file.js';
import { readNpzTensor, splitMember } from './npz-file.js';
import { readParquetTensor } from './parquet-file.js';
import { tensorFileName, verifySchema } from './tensor-artifact.js';
import type { RowColumn, Tensor } from './tensor.js';

const joinExtension = '.join.json';
const maxJoinBytes = 1024 * 1024;
const tensorExtension = /\.(arrow|feather|ipc|parquet|npy|npz)$/;

/**
 * Reads a tensor artifact after checking its schema and digest; or a file of another program, which has neither.
 *
 * @param path  An artifact folder; an `.arrow`, `.feather`, `.ipc`, `.parquet`, `.npy` or `.npz` file; `file.npz#member`; or a
 *   `.join.json` file as {@link writeTensorJoin} writes it.
 * @param options.schema  The schema the artifact must have.
 * @throws ArtifactError if it is missing, altered, or of another kind or schema.
 */
export async function readTensor(path: string, options: { schema: string }): Promise<Tensor> {
  if (/\.(arrow|feather|ipc)$/.test(path)) return readTensorFile(path);
  if (path.endsWith('.parquet')) return readParquetTensor(path);
  if (path.endsWith('.npy')) return readNpyTensor(path);
  if (splitMember(path).path.endsWith('.npz')) return readNpzTensor(path);
  if (path.endsWith(joinExtension)) return readTensorJoin(path, options);
  await verifySchema(path, 'tensor', options.schema);
  return readTensorFile(join(path, tensorFileName));
}

/** Says by its name if {@link readTensor} takes a file that is no artifact. */
export function isTensorFile(path: string): boolean {
  return tensorExtension.test(splitMember(path).path);
}

/** A tensor and, in other files, columns that describe its rows. */
export type TensorJoin = { readonly values: string; readonly rows: { readonly [column: string]: string } };

/**
 * Writes a file by which {@link readTensor} joins a tensor with columns that lie in files of their own.
 *
 * @param path  Ends with `.join.json`.
 * @param join.values  What {@link readTensor} takes, an absolute path.
 * @param join.rows  What {@link readLabels} takes, absolute paths, by name of the column. They replace columns of the tensor.
 */
export async function writeTensorJoin(path: string, { values, rows }: TensorJoin): Promise<void> {
  if (!path.endsWith(joinExtension)) throw new RangeError(`writeTensorJoin: path must end with ${joinExtension}; got ${path}.`);
  await writeFile(path, JSON.stringify({ values, rows }));
}

async function readTensorJoin(path: string, options: { schema: string }): Promise<Tensor> {
  let joined: TensorJoin;
  try {
    joined = JSON.parse((await readRegularFile(path, { maxBytes: maxJoinBytes })).toString('utf8')) as TensorJoin;
    if (!isJoin(joined)) throw new TypeError('it must say values, the path of a tensor, and rows, a path for each column');
  } catch (cause) {
    throw new ArtifactError(`readTensor: ${path} must be a join of a tensor with columns: ${(cause as Error).message}.`, { path, cause });
  }
  // Columns first: they are small, and what is wrong with them shows at once.
  const columns = new Map<string, RowColumn>();
  for (const [name, address] of Object.entries(joined.rows)) columns.set(name, await readLabels(address));
  const tensor = await readTensor(joined.values, options);
  for (const [name, column] of columns) {
    if (column.length !== tensor.shape[0]) throw new ArtifactError(`readTensor: ${joined.rows[name]} must have a label for each of the ${tensor.shape[0]} rows of ${joined.values}, in their order; it has ${column.length}.`, { path });
  }
  return { ...tensor, rows: { ...tensor.rows, ...Object.fromEntries(columns) } };
}

/** Whether a value is a join; a join of joins could lead back to itself. */
function isJoin(value: unknown): value is TensorJoin {
  const { values, rows } = (value ?? {}) as { values?: unknown; rows?: unknown };
  return typeof values === 'string' && !values.endsWith(joinExtension) && typeof rows === 'object' && rows !== null && !Array.isArray(rows) && Object.values(rows).every((path) => typeof path === 'string');
}
