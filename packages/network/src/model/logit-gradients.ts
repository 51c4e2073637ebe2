import * as tf from '@tensorflow/tfjs-core';
import { imagesName, type Layer } from '../description/layer.js';
import { sizeOfShape, trainableParameters } from '../description/shapes.js';
import { batchOf, type Examples } from './examples.js';
import { backward, forward, type TapeStep } from './gradient-tape.js';
import { fuseSteps, type FusedStep } from './fuse-steps.js';
import type { Network } from './network.js';
import { runSteps } from './run-steps.js';

/** As TensorFlow.js types what a tidy returns. */
type Passed = { inputs: (tf.Tensor | undefined)[] & tf.TensorContainer; parameters: { [name: string]: tf.Tensor } };
type Tape = { readonly steps: readonly TapeStep[]; readonly logits: tf.Tensor2D };

/**
 * Computes gradients of weighted sums of logits, sum_i sum_k c_ik z_k(x_i), with respect to every trainable parameter, in
 * evaluation mode: batch normalization by its running statistics, with gradients of its scale and offset; no dropout.
 *
 * One forward pass serves all weightings c. A normalization that follows weights is folded into them before it; the gradient of its scale
 * then follows from that of the folded weights, without another pass over the examples.
 *
 * @param indices  Which examples, at least one. All run at once; some tens to a hundred are fastest.
 * @param cotangentsOf  Gets the logits, shape (indices, classes), row-major, and returns the weightings c, each of that shape.
 * @returns for each weighting the gradient, every trainable parameter flattened, in the order of {@link trainableParameters}.
 * @throws RangeError if a weighting has another length.
 */
export async function logitGradients(
  network: Network, examples: Examples, indices: ArrayLike<number>, cotangentsOf: (logits: Float32Array) => readonly Float32Array[],
): Promise<Float32Array[]> {
  const tape = record(network, examples, indices);
  try {
    const gradients: Float32Array[] = [];
    for (const cotangent of cotangentsOf((await tape.logits.data()) as Float32Array)) {
      if (cotangent.length !== tape.logits.size) {
        throw new RangeError(`logitGradients: a weighting must have ${tape.logits.shape.join(' x ')} values, one per example and class; got ${cotangent.length}.`);
      }
      const gradient = tf.tidy(() => playBack(network, tape, tf.tensor2d(cotangent, tape.logits.shape)));
      gradients.push((await gradient.data()) as Float32Array);
      gradient.dispose();
    }
    return gradients;
  } finally {
    tf.dispose([tape.logits, ...tape.steps.flatMap(({ saved }) => Object.values(saved))]);
  }
}

/**
 * Float32 values that {@link logitGradients} holds for each example between the passes: what layers with weights take in, and as much again
 * for where ReLUs and poolings let gradients through.
 */
export function tapeValues(layers: readonly Layer[]): number {
  return layers.reduce((sum, { shape }) => sum + sizeOfShape(shape), 0);
}

function record({ layers, variables, description }: Network, examples: Examples, indices: ArrayLike<number>): Tape {
  const last = layers.at(-1)!.name;
  const wanted = new Set([last]);
  const plan = fuseSteps(layers, { wanted, takesNorm: () => true, takesRelu: () => false });
  const steps: TapeStep[] = [];
  const run = (step: FusedStep, inputs: readonly tf.Tensor[]): tf.Tensor => {
    const readers = plan.filter((other) => other.inputs.includes(step.name));
    const around = { source: plan.find(({ name }) => name === step.inputs[0])?.layer, onlyReader: readers.length === 1 ? readers[0]!.layer : undefined };
    const { output, saved } = forward(step, inputs, variables, around);
    for (const tensor of Object.values(saved)) tf.keep(tensor);
    steps.push({ ...step, inputShapes: inputs.map(({ shape }) => shape), saved });
    return output;
  };
  const logits = tf.tidy(() => runSteps(plan, new Map([[imagesName, batchOf(examples, indices, description)]]), { wanted, run }).get(last)!);
  return { steps, logits: logits as tf.Tensor2D };
}

/** Takes gradients from each value to those it was made of, and frees each when it has been passed on. */
function playBack({ layers, variables }: Network, { steps }: Tape, cotangent: tf.Tensor2D): tf.Tensor1D {
  const ofValues = new Map<string, tf.Tensor>([[layers.at(-1)!.name, cotangent]]);
  const ofParameters = new Map<string, tf.Tensor>();
  for (const step of [...steps].reverse()) {
    const dy = ofValues.get(step.name)!;
    const { inputs, parameters } = tf.tidy(() => backward(step, dy, variables) as Passed);
    for (const [name, gradient] of Object.entries(parameters)) ofParameters.set(name, gradient);
    for (const [position, name] of step.inputs.entries()) {
      const gradient = inputs[position];
      if (gradient === undefined) continue;
      const other = ofValues.get(name);
      ofValues.set(name, other ? tf.add(other, gradient) : gradient);
      if (other) tf.dispose([other, gradient]);
    }
    dy.dispose();
  }
  return tf.concat(trainableParameters(layers).map(({ name }) => tf.reshape(ofParameters.get(name)!, [-1]))) as tf.Tensor1D;
}
