import { registerKernel, type TensorInfo } from '@tensorflow/tfjs-core';
import { adamKernel, momentumKernel, type AdamStep, type MomentumStep } from '../optimizer-kernels.js';
import { runProgram, type ProgramBackend } from './program.js';

/** Registers the steps of optimizers, one program for each value they keep. */
export function registerOptimizerSteps(): void {
  registerKernel({
    kernelName: momentumKernel,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs, backend: anyBackend }) => {
      const backend = anyBackend as ProgramBackend;
      const { parameter, gradient, velocity } = inputs as { parameter: TensorInfo; gradient: TensorInfo; velocity: TensorInfo };
      const { learningRate, momentum, weightDecay, isNesterov } = attrs as unknown as MomentumStep;
      const { shape } = parameter;
      const decayed = 'gradient[index] + uniforms.weightDecay * parameter[index]';
      const next = runProgram(backend, {
        name: 'velocity', inputs: { parameter, gradient, velocity }, factors: { momentum, weightDecay }, shape,
        source: `result[index] = uniforms.momentum * velocity[index] + ${decayed};`,
      });
      const moved = isNesterov
        ? runProgram(backend, {
          name: 'nesterov', inputs: { parameter, gradient, velocity: next }, factors: { learningRate, momentum, weightDecay }, shape,
          source: `result[index] = parameter[index] - uniforms.learningRate * (${decayed} + uniforms.momentum * velocity[index]);`,
        })
        : runProgram(backend, {
          name: 'descend', inputs: { parameter, velocity: next }, factors: { learningRate }, shape,
          source: 'result[index] = parameter[index] - uniforms.learningRate * velocity[index];',
        });
      return [moved, next];
    },
  });
  registerKernel({
    kernelName: adamKernel,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs, backend: anyBackend }) => {
      const backend = anyBackend as ProgramBackend;
      const { parameter, gradient, first, second } = inputs as { parameter: TensorInfo; gradient: TensorInfo; first: TensorInfo; second: TensorInfo };
      const { momentum, secondMomentum, epsilon, rate, correction, keep } = attrs as unknown as AdamStep;
      const { shape } = parameter;
      const blend = (name: string, moment: TensorInfo, factor: number, value: string) => runProgram(backend, {
        name, inputs: { moment, gradient }, factors: { factor, other: 1 - factor }, shape,
        source: `result[index] = uniforms.factor * moment[index] + uniforms.other * ${value};`,
      });
      const nextFirst = blend('first_moment', first, momentum, 'gradient[index]');
      const nextSecond = blend('second_moment', second, secondMomentum, 'gradient[index] * gradient[index]');
      const moved = runProgram(backend, {
        name: 'adapt', inputs: { parameter, first: nextFirst, second: nextSecond }, factors: { rate, inverse: 1 / correction, epsilon, keep }, shape,
        source: 'result[index] = uniforms.keep * parameter[index] - uniforms.rate * first[index] / (sqrt(second[index] * uniforms.inverse) + uniforms.epsilon);',
      });
      return [moved, nextFirst, nextSecond];
    },
  });
}
