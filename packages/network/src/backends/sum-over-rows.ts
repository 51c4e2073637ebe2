import { util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';

/** A sum over the first axes of a tensor, seen as one over the rows of a matrix (rows, columns). */
export type SumOverRows = { readonly x: TensorInfo; readonly rows: number; readonly columns: number; /** Of the sums. */ readonly shape: number[] };

/** Reads a call of the kernel `Sum` so; undefined if it is another kind of sum, or of nothing. */
export function asSumOverRows({ inputs, attrs }: Parameters<KernelFunc>[0]): SumOverRows | undefined {
  const { x } = inputs as { x: TensorInfo };
  const { axis, keepDims } = attrs as unknown as { axis: number | number[]; keepDims: boolean };
  const axes = util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
  const size = util.sizeFromShape(x.shape);
  const isLeading = axes.length > 0 && axes.length < x.shape.length && axes.every((a, i) => a === i);
  if (!isLeading || x.dtype !== 'float32' || size === 0) return undefined;
  const kept = x.shape.slice(axes.length);
  const columns = util.sizeFromShape(kept);
  return { x, rows: size / columns, columns, shape: keepDims ? [...axes.map(() => 1), ...kept] : kept };
}
