import { registerKernel, type TensorInfo } from '@tensorflow/tfjs-core';
import { adamKernel, momentumKernel, type AdamStep, type MomentumStep } from '../optimizer-kernels.js';
import type { KernelModule } from './kernel-module.js';
import { addressOf, sizeOf, type WasmBackend } from './tfjs-memory.js';

/** Registers the steps of optimizers. They write to new memory, for what the backend prepared of a filter hangs on where it lies. */
export function registerOptimizerSteps(kernels: KernelModule): void {
  registerKernel({
    kernelName: momentumKernel,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { parameter, gradient, velocity } = inputs as { parameter: TensorInfo; gradient: TensorInfo; velocity: TensorInfo };
      const { learningRate, momentum, weightDecay, isNesterov } = attrs as unknown as MomentumStep;
      const [outputs, at] = makeOutputs(backend as WasmBackend, parameter, 2);
      kernels.descend(at(parameter), at(gradient), at(velocity), sizeOf(parameter), learningRate, momentum, weightDecay, isNesterov ? 1 : 0, at(outputs[0]!), at(outputs[1]!));
      return outputs;
    },
  });
  registerKernel({
    kernelName: adamKernel,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { parameter, gradient, first, second } = inputs as { parameter: TensorInfo; gradient: TensorInfo; first: TensorInfo; second: TensorInfo };
      const { rate, momentum, secondMomentum, epsilon, keep, correction } = attrs as unknown as AdamStep;
      const [outputs, at] = makeOutputs(backend as WasmBackend, parameter, 3);
      kernels.descendAdaptively(
        at(parameter), at(gradient), at(first), at(second), sizeOf(parameter),
        rate, momentum, 1 - momentum, secondMomentum, 1 - secondMomentum, epsilon, keep, 1 / correction, at(outputs[0]!), at(outputs[1]!), at(outputs[2]!),
      );
      return outputs;
    },
  });
}

function makeOutputs(backend: WasmBackend, { shape }: TensorInfo, count: number): [TensorInfo[], (tensor: TensorInfo) => number] {
  return [Array.from({ length: count }, () => backend.makeOutput([...shape], 'float32')), (tensor) => addressOf(backend, tensor)];
}
