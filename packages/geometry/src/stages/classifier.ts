import { checkpointSchema, readTensorSet } from '@memgeo/artifacts';

/** The last layer of a network. */
export type Classifier = {
  /** Shape (features, classes), row-major. */
  readonly kernel: Float32Array;
  readonly bias: Float32Array | undefined;
  readonly features: number;
  readonly classCount: number;
  readonly epoch: number | undefined;
  /** Names under which its input may stand among activations. */
  readonly inputLayers: readonly string[];
};

/** Name of the last layer, as training writes it. */
const lastLayer = 'output';

/** Reads the last layer of a checkpoint; undefined if it has none of that name. */
export async function readClassifier(folder: string): Promise<Classifier | undefined> {
  const { tensors, metadata } = await readTensorSet(folder, { schema: checkpointSchema });
  const kernel = tensors.get(`${lastLayer}.kernel`);
  if (kernel?.shape.length !== 2) return undefined;
  const layers = [...new Set([...tensors.values()].map((tensor) => String(tensor.metadata.layer).replace(/\.norm$/, '')))];
  const before = layers[layers.indexOf(lastLayer) - 1];
  const isConvolution = before !== undefined && tensors.get(`${before}.kernel`)?.shape.length === 4;
  return {
    kernel: kernel.data as Float32Array, bias: tensors.get(`${lastLayer}.bias`)?.data as Float32Array | undefined,
    features: kernel.shape[0]!, classCount: kernel.shape[1]!, epoch: typeof metadata.epoch === 'number' ? metadata.epoch : undefined,
    // A hidden layer ends with its ReLU, the last convolution of a block with the pooling behind it.
    inputLayers: before === undefined ? ['input'] : [`${before}.${isConvolution ? 'pool' : 'relu'}`],
  };
}
