import { constants } from 'node:buffer';
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
  const fault = tensorFault(tensor);
  if (fault !== undefined) throw new RangeError(`${caller}: ${fault}`);
}

/** Says which part of a tensor is wrong, or undefined if none is. */
export function tensorFault({ data, shape, rows }: Tensor): string | undefined {
  if (!isShape(shape)) return `shape must be whole numbers with at least 1 element per row; got ${JSON.stringify(shape)?.slice(0, 120).replaceAll(/^\[|\]$/g, (bracket) => (bracket === '[' ? '(' : ')')).replaceAll(',', ', ')}.`;
  const size = shape.reduce((product, n) => product * n, 1);
  if (data.length !== size) return `data must have ${size} elements for shape (${shape.join(', ')}); got ${data.length}.`;
  const odd = Object.entries(rows).find(([, column]) => column.length !== shape[0]);
  return odd && `row column "${odd[0]}" must have ${shape[0]} entries, one per row; got ${odd[1].length}.`;
}

/** Whether a value, perhaps from a file, is a shape with at least one element per row; a row must fit an array even where there are none. */
function isShape(shape: unknown): shape is number[] {
  if (!Array.isArray(shape) || shape.length === 0 || !shape.every((n) => Number.isSafeInteger(n) && (n as number) >= 0 && !Object.is(n, -0))) return false;
  const length = rowLength(shape as number[]);
  return length >= 1 && length <= constants.MAX_LENGTH;
}
