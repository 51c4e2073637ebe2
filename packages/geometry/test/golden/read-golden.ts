import { readFileSync } from 'node:fs';

const folder = new URL('./', import.meta.url);
const json = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

export type GoldenSet = {
  readonly P: number; readonly N: number; readonly M: readonly number[]; readonly D: readonly number[]; readonly n_t: number; readonly kappa: number;
  readonly K: number; readonly res_coeff0: number; readonly res_coeff: readonly number[];
  readonly bin: { readonly file: string; readonly entries: { readonly [name: string]: { readonly offset: number; readonly shape: readonly number[] } } };
};

export const goldenSets: { readonly [name: string]: GoldenSet } = json('manifest.json').datasets;
export const exactStatistics: { readonly [name: string]: { readonly cap: number[]; readonly rad: number[]; readonly dim: number[] } } = json('exact.json');
export const lowRankMinima: { readonly [name: string]: { readonly K: number; readonly reference_at_K: { readonly cost: number } } } = json('lowrank.json');

/** Reads one array of a golden set. */
export function goldenArray(set: GoldenSet, name: string): Float64Array {
  const { offset, shape } = set.bin.entries[name]!;
  const bytes = readFileSync(new URL(set.bin.file, folder));
  const size = shape.reduce((product, n) => product * n, 1);
  return Float64Array.from({ length: size }, (_, i) => bytes.readDoubleLE(offset + 8 * i));
}

/** Swaps rows and columns. */
export function transpose(matrix: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]!);
}

/** The points of a golden set, one per row, with the manifold of each. */
export function goldenPoints(set: GoldenSet): { data: Float64Array; shape: [number, number]; manifoldOf: Int32Array } {
  const count = set.M.reduce((sum, m) => sum + m, 0);
  return {
    data: transpose(goldenArray(set, 'X'), set.N, count),
    shape: [count, set.N] as [number, number],
    manifoldOf: Int32Array.from(set.M.flatMap((m, p) => Array<number>(m).fill(p))),
  };
}
