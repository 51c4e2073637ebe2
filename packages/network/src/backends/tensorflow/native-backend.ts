import type { KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core';

/** An attribute of a TensorFlow operation, as the binding takes it. */
export type Attribute = { readonly name: string; readonly type: number; readonly value: unknown };

/** What our kernels use of NodeJSKernelBackend of tfjs-node 4.22. */
export type NativeBackend = KernelBackend & {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_FLOAT: number; readonly TF_ATTR_TYPE: number; readonly TF_ATTR_FLOAT: number; readonly TF_ATTR_STRING: number; readonly TF_ATTR_BOOL: number; readonly TF_Version: string };
  executeSingleOutput: (operation: string, attributes: readonly Attribute[], inputs: readonly TensorInfo[]) => Tensor;
  executeMultipleOutputs: (operation: string, attributes: readonly Attribute[], inputs: readonly TensorInfo[], outputCount: number) => Tensor[];
};
