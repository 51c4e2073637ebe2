import type { ExampleSet, ScoredSet } from '@memgeo/artifacts';
import { Network, type Examples, type LayerInputs, type NetworkDescription } from '@memgeo/network';
import { gatherRows } from '@memgeo/numerics';
import { applyReadout, fitReadout } from '../rewind/fit-readout.js';
import { accuracyOf, lossOf, scoreExamples, type MeanOverExamples } from '../rewind/score-examples.js';
import type { Tensors } from '../rewind/set-back.js';

/** What a network makes of the example sets. */
export type Evaluation = {
  /** The loss is undefined for a retrained readout, whose scores are no logits. */
  readonly sets: readonly { readonly set: ExampleSet; readonly examples: number; readonly accuracy: MeanOverExamples; readonly loss: MeanOverExamples | undefined }[];
  /** 1 for each test example that is classified correctly; undefined without test examples. */
  readonly isTestCorrect: Uint8Array | undefined;
};

/** The images and labels that networks are evaluated on. */
export type EvaluationData = {
  readonly description: NetworkDescription;
  readonly examples: Examples;
  readonly sets: readonly ScoredSet[];
  /** Images to run: those of the sets and all training images, each once. */
  readonly images: Int32Array;
  /** Training examples, in the order in which statistics are estimated on them. */
  readonly trained: Int32Array;
  /** Assigned label of every example, by example. */
  readonly assigned: Int32Array;
  readonly statisticsBatchSize: number;
};

/**
 * Builds a network, finishes it, and scores it.
 *
 * @param options.evaluation  The images, or what reaches the first layer that differs from the network that they have been passed through.
 * @param options.training  The same in training mode, of the training images, to estimate statistics on; undefined to leave those of `tensors`.
 * @param options.isRetrained  Whether the output layer is fitted again.
 */
export async function evaluateNetwork(
  tensors: Tensors, data: EvaluationData, { evaluation, training, isRetrained }: { evaluation: LayerInputs; training: LayerInputs | undefined; isRetrained: boolean },
): Promise<Evaluation> {
  const { description: { classCount }, sets, images } = data;
  const network = Network.fromTensors(data.description, tensors);
  try {
    await training?.reestimate(network);
    const rowOf = new Map(Array.from(images, (image, row) => [image, row]));
    const outputs = await evaluation.outputs(network, { to: network.layers.length - Number(isRetrained) });
    const scores = isRetrained ? retrainedScores(outputs, data, rowOf) : outputs;
    const scored = sets.map(({ set, indices, labels }) => ({ set, scores: scoreExamples(scores, { rows: indices.map((image) => rowOf.get(image)!), labels, classCount }) }));
    return {
      sets: scored.map(({ set, scores }) => ({ set, examples: scores.isCorrect.length, accuracy: accuracyOf(scores), loss: isRetrained ? undefined : lossOf(scores) })),
      isTestCorrect: scored.find(({ set }) => set === 'test')?.scores.isCorrect,
    };
  } finally {
    network.dispose();
  }
}

/** Fits the output layer again on what reaches it from the training images, and scores all images by it. */
function retrainedScores(features: Float32Array, { images, trained, assigned, description: { classCount } }: EvaluationData, rowOf: ReadonlyMap<number, number>): Float32Array {
  const rows = gatherRows(features, features.length / images.length, Array.from(trained, (image) => rowOf.get(image)!));
  return applyReadout(fitReadout(rows, { labels: trained.map((image) => assigned[image]!), classCount }), features);
}
