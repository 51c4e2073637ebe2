import { getKernel, registerKernel, unregisterKernel, util, type TensorInfo } from '@tensorflow/tfjs-core';
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
  const { kernelFunc: original } = getKernel('Sum', 'webgpu');
  unregisterKernel('Sum', 'webgpu');
  registerKernel({
    kernelName: 'Sum',
    backendName: 'webgpu',
    kernelFunc: (call) => {
      const { x } = call.inputs as { x: TensorInfo };
      const { axis, keepDims } = call.attrs as unknown as { axis: number | number[]; keepDims: boolean };
      const axes = util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
      const size = util.sizeFromShape(x.shape);
      const isLeading = axes.length < x.shape.length && axes.every((a, i) => a === i);
      if (!isLeading || axes.length === 0 || x.dtype !== 'float32' || size === 0) return original(call);
      const kept = x.shape.slice(axes.length);
      const columns = util.sizeFromShape(kept);
      const sums = sumColumns(call.backend as ProgramBackend, { name: 'x', inputs: { x }, rows: size / columns, columns, value: 'x[at]' });
      return { ...sums, shape: keepDims ? [...axes.map(() => 1), ...kept] : kept };
    },
  });
}
