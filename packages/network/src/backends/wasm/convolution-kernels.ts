import * as tf from '@tensorflow/tfjs-core';
import type { KernelModule } from './kernel-module.js';
import { replaceKernel } from '../replace-kernel.js';
import { addressOf, viewOf, withScratch, type WasmBackend } from './tfjs-memory.js';
import { convolve, filterGradient, inputGradient, suitsWinograd } from './winograd-convolution.js';

type Padding = 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
type ConvolutionAttributes = {
  strides: number | [number, number]; pad: Padding; dataFormat: 'NHWC' | 'NCHW'; dilations?: number | [number, number]; dimRoundingMode?: 'floor' | 'round' | 'ceil';
};
type Shape4D = [number, number, number, number];

/** Of {@link KernelModule.filterGradient}. */
const outputsAtATime = 124;

/**
 * Registers the gradient of a convolution with respect to its filter, which tfjs-backend-wasm 4.22.0 lacks
 * (tensorflow/tfjs#8474).
 */
export function registerFilterGradient(kernels: KernelModule): void {
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend: anyBackend }) => {
      const backend = anyBackend as WasmBackend;
      const { x, dy } = inputs as { x: tf.TensorInfo; dy: tf.TensorInfo };
      const { filterShape, ...convolution } = attrs as unknown as ConvolutionAttributes & { filterShape: Shape4D };
      const info = geometry(x.shape as Shape4D, filterShape, convolution);
      if (suitsWinograd(info)) return filterGradient(kernels, backend, x, dy, info);
      const output = backend.makeOutput(filterShape, 'float32');
      const operands = [
        addressOf(backend, x), addressOf(backend, dy), addressOf(backend, output), info.batchSize,
        info.inHeight, info.inWidth, info.inChannels, info.outHeight, info.outWidth, info.outChannels,
        info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth, info.padInfo.top, info.padInfo.left,
      ] as const;
      if (info.inChannels % 4 === 0) {
        withScratch(backend, outputsAtATime * (info.inChannels + info.outChannels + 7) + 32, (_, scratch) => kernels.filterGradient(...operands, scratch));
      } else {
        viewOf(backend, output).fill(0);
        kernels.accumulateFilterGradient(...operands);
      }
      return output;
    },
  });
}

/**
 * Replaces convolutions for which there is an algorithm with fewer products, alone and with what is fused to them. Where
 * padding `same` adds nothing, as with a stride above the size of the filter, tfjs-backend-wasm 4.22.0 may give zeros: those become `valid`.
 */
export function replaceConvolution(kernels: KernelModule): void {
  type Inputs = { x: tf.TensorInfo; filter: tf.TensorInfo; bias?: tf.TensorInfo; preluActivationWeights?: tf.TensorInfo };
  for (const name of ['Conv2D', 'FusedConv2D']) {
    replaceKernel(name, 'wasm', (call, original) => {
      const { x, filter, bias, preluActivationWeights } = call.inputs as unknown as Inputs;
      const { activation = 'linear', ...attributes } = call.attrs as unknown as ConvolutionAttributes & { activation?: string };
      const info = geometry(x.shape as Shape4D, filter.shape as Shape4D, attributes);
      const isSimple = preluActivationWeights === undefined && ['linear', 'relu'].includes(activation) && (bias === undefined || bias.shape.length === 1 && bias.shape[0] === info.outChannels);
      if (!isSimple || !suitsWinograd(info)) {
        const { top, bottom, left, right } = info.padInfo;
        return original(top + bottom + left + right === 0 ? { ...call, attrs: { ...call.attrs, pad: 'valid' } } : call);
      }
      const backend = call.backend as WasmBackend;
      return convolve(kernels, backend, x, addressOf(backend, filter), info, { bias, isRectified: activation === 'relu' });
    });
  }
}

/**
 * Replaces the gradient of a convolution with respect to its input: at stride 1 it is a convolution with the turned,
 * transposed filter, for which the backend is fast; otherwise a sum over the taps of the filter.
 */
export function replaceInputGradient(kernels: KernelModule): void {
  replaceKernel('Conv2DBackpropInput', 'wasm', (call) => {
    const { dy, filter } = call.inputs as { dy: tf.TensorInfo; filter: tf.TensorInfo };
    const { inputShape, ...convolution } = call.attrs as unknown as ConvolutionAttributes & { inputShape: Shape4D };
    const info = geometry(inputShape, filter.shape as Shape4D, convolution);
    const backend = call.backend as WasmBackend;
    if (suitsWinograd(info)) return inputGradient(kernels, backend, dy, filter, info);
    const at = (tensor: tf.TensorInfo) => addressOf(backend, tensor);
    const isDense = info.strideHeight === 1 && info.strideWidth === 1 && info.filterHeight * info.filterWidth > 1;
    if (!isDense) {
      const output = backend.makeOutput([...inputShape], 'float32');
      withScratch(backend, info.outChannels * (info.inChannels + 7) + 32, (_, scratch) => kernels.convolveBack(
        at(dy), at(filter), at(output), info.batchSize, info.inHeight, info.inWidth, info.inChannels, info.outHeight, info.outWidth, info.outChannels,
        info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth, info.padInfo.top, info.padInfo.left, scratch,
      ));
      return output;
    }
    const turned = backend.makeOutput([info.filterHeight, info.filterWidth, info.outChannels, info.inChannels], 'float32');
    kernels.turnFilter(at(filter), info.filterHeight * info.filterWidth, info.inChannels, info.outChannels, at(turned));
    return asKernelOutput(backend, () => {
      const padTop = info.filterHeight - 1 - info.padInfo.top;
      const padLeft = info.filterWidth - 1 - info.padInfo.left;
      const padding: tf.backend_util.ExplicitPadding = [
        [0, 0],
        [padTop, info.inHeight - info.outHeight + info.filterHeight - 1 - padTop],
        [padLeft, info.inWidth - info.outWidth + info.filterWidth - 1 - padLeft],
        [0, 0],
      ];
      return tf.conv2d(asTensor(dy) as tf.Tensor4D, asTensor(turned) as tf.Tensor4D, 1, padding);
    });
  });
}

function geometry(inShape: Shape4D, filterShape: Shape4D, { strides, pad, dataFormat, dimRoundingMode, dilations = 1 }: ConvolutionAttributes) {
  return tf.backend_util.computeConv2DInfo(inShape, filterShape, strides, dilations, pad, dimRoundingMode, false, tf.backend_util.convertConv2DDataFormat(dataFormat));
}

/** Kernels receive plain descriptions of tensors; operations need the tensors. */
function asTensor(info: tf.TensorInfo): tf.Tensor {
  return info instanceof tf.Tensor ? info : tf.engine().makeTensorFromTensorInfo(info);
}

/** Runs operations inside a kernel and hands over their result, whose memory must outlive the operations' tensors. */
function asKernelOutput(backend: WasmBackend, compose: () => tf.Tensor): tf.TensorInfo {
  const result = tf.tidy(compose);
  backend.incRef(result.dataId);
  const info = { dataId: result.dataId, shape: result.shape, dtype: result.dtype };
  result.dispose();
  return info;
}
