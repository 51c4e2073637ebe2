import { replaceKernel } from '../replace-kernel.js';
import { asSumOverRows } from '../sum-over-rows.js';
import { registerBatchNorm } from './batch-norm-programs.js';
import { registerOptimizerSteps } from './optimizer-programs.js';
import type { ProgramBackend } from './program.js';
import { sumColumns } from './sum-columns.js';

/** Gives the webgpu backend programs of ours: the host's work for each program, not the GPU's, is what bounds small networks. */
export function supplyWebgpuPrograms(): void {
  registerBatchNorm();
  registerOptimizerSteps();
  replaceSumsOverRows();
}

/** Replaces sums over the first axes, the gradients of biases, for which the backend transposes first. */
function replaceSumsOverRows(): void {
  replaceKernel('Sum', 'webgpu', (call, original) => {
    const sum = asSumOverRows(call);
    if (!sum) return original(call);
    const { x, rows, columns, shape } = sum;
    return { ...sumColumns(call.backend as ProgramBackend, { name: 'x', inputs: { x }, rows, columns, value: 'x[at]' }), shape };
  });
}
