import { hadamardProjection, type RandomStream } from '@memgeo/numerics';

/** Rows that need not stand in one array. */
export type RowSource = { readonly count: number; readonly width: number; readonly rowAt: (index: number) => ArrayLike<number> };

/**
 * Copies rows to float64, projected at random to `limit` features where there are more features than that and more samples too.
 *
 * What is computed with them then costs no more than a matrix of `limit` squared, and is exact unless projected.
 *
 * @param options.samples  Samples that the work is squared in, if not features; by default all rows.
 * @param options.random  The same stream gives the same projection.
 */
export function compactRows(
  { count, width, rowAt }: RowSource, { limit, random, samples = count }: { limit: number; random: RandomStream; samples?: number },
): { rows: Float64Array; width: number; isProjected: boolean } {
  if (width <= limit || samples <= limit) {
    const rows = new Float64Array(count * width);
    for (let i = 0; i < count; i++) rows.set(rowAt(i), i * width);
    return { rows, width, isProjected: false };
  }
  const project = hadamardProjection(width, { kept: limit, random: random.fork('projection') });
  const rows = new Float64Array(count * limit);
  for (let i = 0; i < count; i++) project(rowAt(i), rows, i * limit);
  return { rows, width: limit, isProjected: true };
}

/** Swaps rows and columns. */
export function transpose(rows: Float64Array, count: number, width: number): Float64Array {
  const columns = new Float64Array(rows.length);
  for (let i = 0; i < count; i++) for (let j = 0; j < width; j++) columns[j * count + i] = rows[i * width + j]!;
  return columns;
}

/** Subtracts the mean of the first `trained` rows from every row, in place. */
export function subtractTrainingMean(rows: Float64Array, { trained, width }: { trained: number; width: number }): void {
  const mean = new Float64Array(width);
  for (let i = 0; i < trained; i++) for (let j = 0; j < width; j++) mean[j]! += rows[i * width + j]! / trained;
  for (let i = 0; i < rows.length; i += width) for (let j = 0; j < width; j++) rows[i + j]! -= mean[j]!;
}
