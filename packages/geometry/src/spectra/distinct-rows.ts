import { areRowsEqual } from '../points/equal-rows.js';

/**
 * Finds the rows of a matrix that repeat no row before them.
 *
 * @param data  Shape (count, features), row-major, finite; 0 and -0 are equal.
 * @returns indices, ascending.
 */
export function distinctRows(data: Float32Array | Float64Array, count: number, features: number): Int32Array {
  const byHash = new Map<number, number[]>();
  const scratch = Float64Array.of(0);
  const bits = new Uint32Array(scratch.buffer);
  const distinct: number[] = [];
  for (let row = 0; row < count; row++) {
    let hash = 0;
    for (let j = row * features; j < (row + 1) * features; j++) {
      // Adding 0 turns -0 into 0.
      scratch[0] = data[j]! + 0;
      hash = Math.imul(hash ^ bits[0]!, 0x01000193);
      hash = Math.imul(hash ^ (hash >>> 15) ^ bits[1]!, 0x85ebca6b);
    }
    const before = byHash.get(hash);
    if (before?.some((other) => areRowsEqual(data, features, row, other))) continue;
    if (before) before.push(row);
    else byHash.set(hash, [row]);
    distinct.push(row);
  }
  return Int32Array.from(distinct);
}
