/**
 * Copies chosen rows of a row-major matrix, in the order given; a row may be chosen more than once.
 *
 * @param data  Shape (any, width).
 * @param rows  Indices of rows.
 * @returns shape (rows, width), of the type of `data`.
 */
export function gatherRows<T extends Float32Array | Float64Array | Uint8Array>(data: T, width: number, rows: ArrayLike<number>): T {
  const gathered = new (data.constructor as new (length: number) => T)(rows.length * width);
  for (let i = 0; i < rows.length; i++) gathered.set(data.subarray(rows[i]! * width, (rows[i]! + 1) * width), i * width);
  return gathered;
}
