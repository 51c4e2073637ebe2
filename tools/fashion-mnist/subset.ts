import type { IdxArray } from '../idx/idx.js';

/**
 * Finds the first examples of each class.
 *
 * @param labels  The class of each example.
 * @returns perClass indices for each of classCount classes, ascending.
 * @throws RangeError if a class has too few examples.
 */
export function firstOfEachClass(labels: Uint8Array, { classCount, perClass }: { classCount: number; perClass: number }): number[] {
  const counts = new Array<number>(classCount).fill(0);
  const indices: number[] = [];
  labels.forEach((label, i) => {
    if (counts[label]! >= perClass) return;
    counts[label]!++;
    indices.push(i);
  });
  const short = counts.findIndex((count) => count < perClass);
  if (short >= 0) throw new RangeError(`firstOfEachClass: perClass must be at most ${counts[short]}, the size of class ${short}; got ${perClass}.`);
  return indices;
}

/** Copies rows, the entries along the first dimension. */
export function takeRows({ shape, data }: IdxArray, indices: readonly number[]): IdxArray {
  const rowLength = data.length / shape[0]!;
  const taken = new Uint8Array(indices.length * rowLength);
  indices.forEach((index, row) => taken.set(data.subarray(index * rowLength, (index + 1) * rowLength), row * rowLength));
  return { shape: [indices.length, ...shape.slice(1)], data: taken };
}
