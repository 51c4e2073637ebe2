import type { Json } from '../digest/canonical.js';

export type TensorData = Float32Array | Uint8Array;
export type TensorDtype = 'float32' | 'uint8';

/** A column that says something of each row of a tensor: an identifier, an example set, a class. */
export type RowColumn = Int32Array | readonly string[];

/**
 * A dense array whose first axis counts samples, with optional columns that describe its rows.
 *
 * `data` is row-major with `shape` product elements. `metadata` holds units, layer, epoch and the like.
 */
export type Tensor<D extends TensorData = TensorData> = {
  readonly data: D;
  readonly shape: readonly number[];
  readonly rows: { readonly [column: string]: RowColumn };
  readonly metadata: { readonly [key: string]: Json };
};

/** Number of elements per row: the product of all but the first axis. */
export function rowLength(shape: readonly number[]): number {
  return shape.slice(1).reduce((product, size) => product * size, 1);
}

/**
 * Checks that a tensor's parts fit together.
 *
 * @throws RangeError that names the part whose length is wrong.
 */
export function validateTensor(tensor: Tensor, caller: string): void {
  const { data, shape, rows } = tensor;
  const size = shape.reduce((product, n) => product * n, 1);
  if (shape.length === 0 || shape.some((n) => !Number.isInteger(n) || n < 0) || rowLength(shape) < 1) {
    throw new RangeError(`${caller}: shape must be whole numbers with at least 1 element per row; got (${shape.join(', ')}).`);
  }
  if (data.length !== size) throw new RangeError(`${caller}: data must have ${size} elements for shape (${shape.join(', ')}); got ${data.length}.`);
  for (const [name, column] of Object.entries(rows)) {
    if (column.length !== shape[0]) throw new RangeError(`${caller}: row column "${name}" must have ${shape[0]} entries, one per row; got ${column.length}.`);
  }
}
