import { util, type TensorInfo } from '@tensorflow/tfjs-core';

/** Of the WebGPU backend of TensorFlow.js what programs of ours use. */
export type ProgramBackend = {
  readonly runWebGPUProgram: (program: object, inputs: readonly TensorInfo[], dtype: 'float32', uniforms: readonly { type: 'float32' | 'int32'; data: number[] }[]) => TensorInfo;
  readonly disposeData: (dataId: object) => void;
};

export type Program = {
  /** Names the source: two programs of one name must be the same but for shapes. */
  readonly name: string;
  /** By the name under which the source reads them, as flat arrays of float32. */
  readonly inputs: { readonly [name: string]: TensorInfo };
  /** Whole numbers and others, read as `uniforms.name`. */
  readonly counts?: { readonly [name: string]: number };
  readonly factors?: { readonly [name: string]: number };
  readonly shape: readonly number[];
  /** Statements in WGSL for one value, `result[index]`. */
  readonly source: string;
};

/** Invocations that run together on the GPU. */
const workgroupSize = 128;

/**
 * Runs WGSL for each value of an output.
 *
 * A device is sure to give a program 8 buffers only: 7 inputs.
 */
export function runProgram(backend: ProgramBackend, { name, inputs, counts = {}, factors = {}, shape, source }: Program): TensorInfo {
  const program = {
    variableNames: Object.keys(inputs),
    uniforms: [...Object.keys(counts).map((count) => `${count} : i32,`), ...Object.keys(factors).map((factor) => `${factor} : f32,`)].join(' '),
    size: true,
    outputShape: [...shape],
    workgroupSize: [workgroupSize, 1, 1],
    dispatchLayout: { x: shape.map((_, axis) => axis) },
    dispatch: [Math.ceil(util.sizeFromShape([...shape]) / workgroupSize), 1, 1],
    shaderKey: `memgeo_${name}`,
    getUserCode: () => `fn main(index : i32) {\n  if (index < uniforms.size) {\n${source}\n  }\n}`,
  };
  const uniforms = [...Object.values(counts).map((value) => ({ type: 'int32' as const, data: [value] })), ...Object.values(factors).map((value) => ({ type: 'float32' as const, data: [value] }))];
  return backend.runWebGPUProgram(program, Object.values(inputs), 'float32', uniforms);
}
