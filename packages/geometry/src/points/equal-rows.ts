/** Whether two rows of a row-major matrix are equal; 0 and -0 are. */
export function areRowsEqual(data: Float32Array | Float64Array, features: number, a: number, b: number): boolean {
  for (let j = 0; j < features; j++) if (data[a * features + j] !== data[b * features + j]) return false;
  return true;
}
