import { registerKernel, type TensorInfo } from '@tensorflow/tfjs-core';
import { batchNormGradientKernel, batchNormKernel, normEpsilon } from '../batch-norm.js';
import { runProgram, type ProgramBackend } from './program.js';
import { sumColumns } from './sum-columns.js';

const standardDeviation = (channel: string) => `sqrt(variance[${channel}] + ${normEpsilon})`;

/** Registers batch normalization and its gradient as five programs each, where operations of TensorFlow.js make sixteen and more and transpose for every sum. */
export function registerBatchNorm(): void {
  register(batchNormKernel, ({ x, scale, offset }, backend) => {
    const [rows, columns] = x!.shape as [number, number];
    const mean = sumColumns(backend, { name: 'mean', inputs: { x: x! }, rows, columns, value: 'x[at]', factor: 1 / rows });
    const variance = sumColumns(backend, { name: 'variance', inputs: { x: x!, mean }, rows, columns, value: '(x[at] - mean[column]) * (x[at] - mean[column])', factor: 1 / rows });
    const output = runProgram(backend, {
      name: 'normalize', inputs: { x: x!, scale: scale!, offset: offset!, mean, variance }, counts: { columns }, shape: [rows, columns],
      source: `let c = index % uniforms.columns; result[index] = scale[c] * (x[index] - mean[c]) / ${standardDeviation('c')} + offset[c];`,
    });
    return [output, mean, variance];
  });

  register(batchNormGradientKernel, ({ dy, x, scale, mean, variance }, backend) => {
    const [rows, columns] = x!.shape as [number, number];
    const offsetGradient = sumColumns(backend, { name: 'dy', inputs: { dy: dy! }, rows, columns, value: 'dy[at]' });
    const scaleGradient = sumColumns(backend, {
      name: 'dy_standard', inputs: { dy: dy!, x: x!, mean: mean!, variance: variance! }, rows, columns, value: `dy[at] * (x[at] - mean[column]) / ${standardDeviation('column')}`,
    });
    const xGradient = runProgram(backend, {
      name: 'normalize_gradient', inputs: { dy: dy!, x: x!, scale: scale!, mean: mean!, variance: variance!, offsetGradient, scaleGradient },
      counts: { columns }, factors: { share: 1 / rows }, shape: [rows, columns],
      source: `
        let c = index % uniforms.columns;
        let deviation = ${standardDeviation('c')};
        let standard = (x[index] - mean[c]) / deviation;
        result[index] = scale[c] / deviation * (dy[index] - uniforms.share * (offsetGradient[c] + standard * scaleGradient[c]));`,
    });
    return [xGradient, scaleGradient, offsetGradient];
  });
}

function register(kernelName: string, run: (inputs: { [name: string]: TensorInfo }, backend: ProgramBackend) => TensorInfo[]): void {
  registerKernel({ kernelName, backendName: 'webgpu', kernelFunc: ({ inputs, backend }) => run(inputs as { [name: string]: TensorInfo }, backend as ProgramBackend) });
}
