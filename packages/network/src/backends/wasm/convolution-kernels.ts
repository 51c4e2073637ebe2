import * as tf from '@tensorflow/tfjs-core';
import type { KernelModule } from './kernel-module.js';
import { replaceKernel } from './replace-kernel.js';
import { addressOf, viewOf, type WasmBackend } from './tfjs-memory.js';

type Padding = 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
type ConvolutionAttributes = { strides: number | [number, number]; pad: Padding; dataFormat: 'NHWC' | 'NCHW'; dimRoundingMode?: 'floor' | 'round' | 'ceil' };
type Shape4D = [number, number, number, number];

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
      const output = backend.makeOutput(filterShape, 'float32');
      viewOf(backend, output).fill(0);
      kernels.accumulateFilterGradient(
        addressOf(backend, x), addressOf(backend, dy), addressOf(backend, output), info.batchSize,
        info.inHeight, info.inWidth, info.inChannels, info.outHeight, info.outWidth, info.outChannels,
        info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth, info.padInfo.top, info.padInfo.left,
      );
      return output;
    },
  });
}

/**
 * Replaces the gradient of a convolution with respect to its input: at stride 1 it is a convolution with the flipped,
 * transposed filter, for which the backend is fast. Other strides keep the original.
 */
export function replaceInputGradient(): void {
  replaceKernel('Conv2DBackpropInput', (call, original) => {
    const { dy, filter } = call.inputs as { dy: tf.TensorInfo; filter: tf.TensorInfo };
    const { inputShape, ...convolution } = call.attrs as unknown as ConvolutionAttributes & { inputShape: Shape4D };
    const info = geometry(inputShape, filter.shape as Shape4D, convolution);
    if (info.strideHeight !== 1 || info.strideWidth !== 1) return original(call);
    return asKernelOutput(call.backend as WasmBackend, () => {
      const flipped = tf.transpose(tf.reverse(asTensor(filter) as tf.Tensor4D, [0, 1]), [0, 1, 3, 2]) as tf.Tensor4D;
      const padTop = info.filterHeight - 1 - info.padInfo.top;
      const padLeft = info.filterWidth - 1 - info.padInfo.left;
      const padding: tf.backend_util.ExplicitPadding = [
        [0, 0],
        [padTop, info.inHeight - info.outHeight + info.filterHeight - 1 - padTop],
        [padLeft, info.inWidth - info.outWidth + info.filterWidth - 1 - padLeft],
        [0, 0],
      ];
      return tf.conv2d(asTensor(dy) as tf.Tensor4D, flipped, 1, padding);
    });
  });
}

/**
 * Replaces matrix multiplication with transposed operands, every gradient of a dense layer, which runs in a slow loop in
 * tfjs-backend-wasm 4.22.0: sums of outer products for A'B, and a transposed copy otherwise.
 */
export function replaceTransposedProducts(kernels: KernelModule): void {
  replaceKernel('BatchMatMul', (call, original) => {
    const { a, b } = call.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    const { transposeA, transposeB } = call.attrs as unknown as { transposeA: boolean; transposeB: boolean };
    if (!transposeA && !transposeB) return original(call);
    const backend = call.backend as WasmBackend;
    const isMatrix = a.shape.slice(0, -2).every((size) => size === 1) && b.shape.slice(0, -2).every((size) => size === 1) && a.shape.length === b.shape.length;
    if (isMatrix && transposeA && !transposeB && a.dtype === 'float32') {
      const [rows, aCount, bCount] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
      const output = backend.makeOutput([...a.shape.slice(0, -2), aCount, bCount], 'float32');
      viewOf(backend, output).fill(0);
      kernels.accumulateOuterProducts(addressOf(backend, a), 4 * aCount, addressOf(backend, b), 4 * bCount, rows, aCount, bCount, addressOf(backend, output));
      return output;
    }
    return asKernelOutput(backend, () => tf.matMul(swapLast(asTensor(a), transposeA), swapLast(asTensor(b), transposeB)));
  });
}

function geometry(inShape: Shape4D, filterShape: Shape4D, { strides, pad, dataFormat, dimRoundingMode }: ConvolutionAttributes) {
  return tf.backend_util.computeConv2DInfo(inShape, filterShape, strides, 1, pad, dimRoundingMode, false, tf.backend_util.convertConv2DDataFormat(dataFormat));
}

function swapLast(x: tf.Tensor, isSwapped: boolean): tf.Tensor {
  const axes = x.shape.map((_, i) => i);
  return isSwapped ? tf.transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]) : x;
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
