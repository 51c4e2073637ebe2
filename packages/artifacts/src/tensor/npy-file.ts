import type { FileHandle } from 'node:fs/promises';
import { ArtifactError } from '../artifact-error.js';
import { openRegularFile } from '../files/regular-file.js';
import { fileSource, type ByteSource } from './byte-source.js';
import { readNpyHeader, type NpyHeader } from './npy-header.js';
import { readFloat32, readRowColumn } from './npy-values.js';
import { rowLength, tensorFault, type RowColumn, type Tensor } from './tensor.js';

/**
 * Reads a tensor from a `.npy` file as `numpy.save` writes it, straight into memory that worker threads share.
 *
 * Numbers of any kind and byte order become float32, in C order. Nothing is ever unpickled.
 *
 * @throws ArtifactError if it is no whole .npy file, has fewer than 2 axes, or holds what float32 can't.
 */
export async function readNpyTensor(path: string): Promise<Tensor<Float32Array>> {
  return withFile(path, async (file, bytes) => {
    const source = fileSource(file, { name: path, start: 0, bytes });
    return readNpyValues(source, await readNpyHeader(source));
  });
}

/** Reads the values behind a header as a tensor without row columns. */
export async function readNpyValues(source: ByteSource, header: NpyHeader): Promise<Tensor<Float32Array>> {
  const { shape } = header;
  if (shape.length < 2 || rowLength(shape) < 1) {
    throw new ArtifactError(`readNpyTensor: ${source.name} must have the shape (points, features), or more axes of features; it has (${shape.join(', ')}).`, { path: source.name });
  }
  const tensor = { data: await readFloat32(source, header), shape, rows: {}, metadata: {} };
  const fault = tensorFault(tensor);
  if (fault !== undefined) throw new ArtifactError(`readNpyTensor: ${source.name}: ${fault}`, { path: source.name });
  return tensor;
}

/** Reads a column of labels or names, shape (rows) or (rows, 1), from a `.npy` file. @throws ArtifactError if it is none. */
export async function readNpyColumn(path: string): Promise<RowColumn> {
  return withFile(path, async (file, bytes) => {
    const source = fileSource(file, { name: path, start: 0, bytes });
    return readNpyLabels(source, await readNpyHeader(source));
  });
}

/** Reads the values behind a header as one label per row. */
export async function readNpyLabels(source: ByteSource, header: NpyHeader): Promise<RowColumn> {
  const { shape } = header;
  if (shape.length === 0 || rowLength(shape) !== 1) throw new ArtifactError(`readNpyColumn: ${source.name} must have the shape (rows), one label per row; it has (${shape.join(', ')}).`, { path: source.name });
  const column = await readRowColumn(source, header);
  if ('misfit' in column) throw new ArtifactError(`readNpyColumn: ${source.name} must hold text, or whole numbers that fit 32 bits; row ${column.misfit.row} is ${column.misfit.value}.`, { path: source.name });
  return column;
}

/** Opens a file, lets `work` read it, and closes it. @throws ArtifactError if it can't be opened or read. */
export async function withFile<T>(path: string, work: (file: FileHandle, bytes: number) => Promise<T>): Promise<T> {
  const file = await openRegularFile(path);
  try {
    return await work(file, (await file.stat()).size);
  } catch (cause) {
    if (cause instanceof ArtifactError) throw cause;
    throw new ArtifactError(`${path} can't be read: ${(cause as Error).message}.`, { path, cause });
  } finally {
    await file.close();
  }
}
