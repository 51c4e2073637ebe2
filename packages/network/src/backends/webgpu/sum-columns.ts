import type { TensorInfo } from '@tensorflow/tfjs-core';
import { runProgram, type ProgramBackend } from './program.js';

/** Rows that one invocation sums without another pass. */
const fewRows = 64;

/**
 * Sums a value over the rows of matrices, in two passes: over about sqrt(rows) groups of neighboring rows, then over these.
 *
 * Neighbouring invocations read neighboring columns. The sums of groups keep the rounding of float32 small.
 *
 * @param options.name  Names the value, see {@link Program}.
 * @param options.inputs  What the value is made of.
 * @param options.value  In WGSL, from `at`, the place in a matrix, and `column`.
 * @param options.factor  Multiplies the sums. Default 1.
 * @returns shape (columns).
 */
export function sumColumns(
  backend: ProgramBackend,
  { name, inputs, rows, columns, value, factor = 1 }: { name: string; inputs: { readonly [name: string]: TensorInfo }; rows: number; columns: number; value: string; factor?: number },
): TensorInfo {
  if (rows <= fewRows) return sumGroups(backend, { name, inputs, value, rows, columns, groups: 1, factor });
  const groups = Math.ceil(rows / Math.ceil(Math.sqrt(rows)));
  const parts = sumGroups(backend, { name, inputs, value, rows, columns, groups, factor: 1 });
  const sums = sumGroups(backend, { name: 'part', inputs: { part: parts }, value: 'part[at]', rows: groups, columns, groups: 1, factor });
  backend.disposeData(parts.dataId);
  return sums;
}

function sumGroups(
  backend: ProgramBackend,
  { name, inputs, value, rows, columns, groups, factor }: { name: string; inputs: { readonly [name: string]: TensorInfo }; value: string; rows: number; columns: number; groups: number; factor: number },
): TensorInfo {
  const source = `
    let column = index % uniforms.columns;
    let first = index / uniforms.columns * uniforms.groupRows;
    var sum = 0.0;
    for (var row = first; row < min(uniforms.rows, first + uniforms.groupRows); row++) {
      let at = row * uniforms.columns + column;
      sum += ${value};
    }
    result[index] = sum * uniforms.factor;`;
  return runProgram(backend, { name: `sum_${name}`, inputs, counts: { rows, columns, groupRows: Math.ceil(rows / groups) }, factors: { factor }, shape: groups === 1 ? [columns] : [groups, columns], source });
}
