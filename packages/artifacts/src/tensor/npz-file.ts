import type { FileHandle } from 'node:fs/promises';
import { ArtifactError } from '../artifact-error.js';
import type { Json } from '../digest/canonical.js';
import type { ByteSource } from './byte-source.js';
import { readNpyLabels, readNpyValues, withFile } from './npy-file.js';
import { readNpyHeader, type NpyHeader } from './npy-header.js';
import { readRowColumn } from './npy-values.js';
import { rowLength, type RowColumn, type Tensor } from './tensor.js';
import { readZipDirectory, withZipMember, type ZipMember } from './zip-file.js';

/** A member of this name is the one tensor of a file, whatever else the file holds. */
const tensorNames = ['activations', 'features', 'values'];
/** What the class of each row may be called; the first that is there counts. */
const manifoldNames = ['manifold', 'labels', 'label', 'targets', 'y'];
/** Columns that must have an entry per row; any other array of one axis may be something else. */
const columnNames = [...manifoldNames, 'set', 'exampleId'];
const classNames = 'classNames';

/** The arrays of a file by name. */
type Arrays = ReadonlyMap<string, { readonly member: ZipMember; readonly header: NpyHeader }>;
type Reader<T> = (source: ByteSource, header: NpyHeader) => Promise<T>;
type ReadArray = <T>(name: string, work: Reader<T>) => Promise<T>;

/** `file.npz#member` to its parts; any other path as it is. */
export function splitMember(address: string): { path: string; member: string | undefined } {
  const [, path, member] = /^(.*\.npz)#(.+)$/.exec(address) ?? [];
  return { path: path ?? address, member };
}

/**
 * Names the tensors that a `.npz` file holds, in their order: the member called activations, features or values, or else every
 * numeric member of at least 2 axes.
 *
 * @throws ArtifactError if it is no whole .npz file.
 */
export async function listNpzTensors(path: string): Promise<string[]> {
  return withFile(path, async (file) => tensorsOf(await readHeaders(file, path)));
}

/**
 * Reads a tensor from a `.npz` file as `numpy.savez` and `numpy.savez_compressed` write it.
 *
 * Members of one axis and as many entries as rows, of whole numbers or text, become row columns; `manifold` may also be called
 * labels, label, targets or y. Members without axes become metadata, `classNames` too. Others are passed over.
 *
 * @param address  The file; or `file.npz#member` where it holds several tensors, which are layers in their order.
 * @throws ArtifactError if it is no whole .npz file, does not hold the tensor, or a column has another length.
 */
export async function readNpzTensor(address: string): Promise<Tensor<Float32Array>> {
  const { path, member } = splitMember(address);
  return withFile(path, async (file) => {
    const arrays = await readHeaders(file, path);
    const tensors = tensorsOf(arrays);
    const name = member ?? (tensors.length === 1 ? tensors[0]! : undefined);
    if (name === undefined) {
      throw new ArtifactError(`readNpzTensor: ${path} must hold one array of at least 2 axes, or one named ${tensorNames.join(', ')}; it holds ${tensors.length} (${describe(arrays)}). ${tensors.length === 0 ? 'Save activations as (points, features).' : `Name one, as ${path}#${tensors[0]}.`}`, { path });
    }
    const read = <T>(other: string, work: Reader<T>): Promise<T> => withArray(file, path, arrays, other, work);
    const tensor = await read(name, readNpyValues);
    const rows = await readRowColumns(arrays, tensor.shape[0]!, { of: `"${name}" in ${path}`, path, read });
    const metadata = { ...await readMetadata(arrays, read), ...(tensors.length > 1 ? { layer: name, layerIndex: tensors.indexOf(name) } : {}) };
    return { ...tensor, rows, metadata };
  });
}

/**
 * Reads a column of labels from a `.npz` file.
 *
 * @param address  `file.npz#member`; or the file, for its member manifold, labels, label, targets or y, or its only one of one axis.
 */
export async function readNpzColumn(address: string): Promise<RowColumn> {
  const { path, member } = splitMember(address);
  return withFile(path, async (file) => {
    const arrays = await readHeaders(file, path);
    const columns = [...arrays].filter(([, { header }]) => header.shape.length === 1).map(([name]) => name);
    const name = member ?? manifoldNames.find((alias) => arrays.has(alias)) ?? (columns.length === 1 ? columns[0]! : undefined);
    if (name === undefined) throw new ArtifactError(`readNpzColumn: ${path} must hold labels as ${manifoldNames.join(', ')}, or one array of one axis; it holds ${describe(arrays)}. Name one, as ${path}#NAME.`, { path });
    return withArray(file, path, arrays, name, readNpyLabels);
  });
}

/** Arrays of one axis and an entry per row. @throws ArtifactError if one that must be a column is none. */
async function readRowColumns(arrays: Arrays, rowCount: number, { of, path, read }: { of: string; path: string; read: ReadArray }): Promise<{ [column: string]: RowColumn }> {
  const rows = new Map<string, RowColumn>();
  for (const [name, { header: { shape, dtype } }] of arrays) {
    const isWanted = columnNames.includes(name);
    if (isWanted && shape.length > 0 && (shape[0] !== rowCount || rowLength(shape) !== 1)) {
      throw new ArtifactError(`readNpzTensor: "${name}" must have ${rowCount} entries, one per row of ${of}; it has the shape (${shape.join(', ')}).`, { path });
    }
    if (isWanted && shape.length > 0) rows.set(name, await read(name, readNpyLabels));
    else if (shape.length === 1 && shape[0] === rowCount && name !== classNames && dtype.kind !== 'unreadable') {
      const column = await read(name, readRowColumn);
      if (!('misfit' in column)) rows.set(name, column);
    }
  }
  const manifold = manifoldNames.find((alias) => rows.has(alias));
  if (manifold !== undefined) rows.set('manifold', rows.get(manifold)!);
  return Object.fromEntries(rows);
}

/** Arrays without axes, such as epoch and layer, and the names of the classes. */
async function readMetadata(arrays: Arrays, read: ReadArray): Promise<{ [key: string]: Json }> {
  const metadata = new Map<string, Json>();
  for (const [name, { header: { shape, dtype } }] of arrays) {
    const isList = name === classNames && shape.length === 1;
    if ((shape.length > 0 && !isList) || dtype.kind === 'unreadable') continue;
    const values = await read(name, readRowColumn);
    if (!('misfit' in values)) metadata.set(name, isList ? Array.from<string | number>(values) : values[0]!);
  }
  return Object.fromEntries(metadata);
}

async function readHeaders(file: FileHandle, path: string): Promise<Arrays> {
  const arrays = new Map<string, { member: ZipMember; header: NpyHeader }>();
  for (const member of (await readZipDirectory(file, path)).values()) {
    if (!member.name.endsWith('.npy')) continue;
    const name = member.name.slice(0, -'.npy'.length);
    arrays.set(name, { member, header: await withZipMember(file, { member, name: `${path}#${name}` }, readNpyHeader) });
  }
  return arrays;
}

async function withArray<T>(file: FileHandle, path: string, arrays: Arrays, name: string, work: Reader<T>): Promise<T> {
  const array = arrays.get(name);
  if (!array) throw new ArtifactError(`readNpzTensor: ${path} has no member "${name}"; it holds ${describe(arrays)}.`, { path });
  return withZipMember(file, { member: array.member, name: `${path}#${name}` }, async (source) => work(source, await readNpyHeader(source)));
}

function tensorsOf(arrays: Arrays): string[] {
  const named = tensorNames.find((name) => (arrays.get(name)?.header.shape.length ?? 0) > 1);
  if (named !== undefined) return [named];
  const isTensor = (name: string, { shape, dtype }: NpyHeader): boolean => shape.length > 1 && ['b', 'i', 'u', 'f'].includes(dtype.kind) && !columnNames.includes(name);
  return [...arrays].filter(([name, { header }]) => isTensor(name, header)).map(([name]) => name);
}

function describe(arrays: Arrays): string {
  return arrays.size === 0 ? 'no arrays' : [...arrays].map(([name, { header: { shape } }]) => `${name} (${shape.join(', ')})`).join(', ');
}
