import type { ExampleSet, ScoredSet } from '@memgeo/artifacts';
import { Network, reestimateStatistics, tapPoints, type Examples, type NetworkDescription } from '@memgeo/network';
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
  /** Training examples, in the order in which statistics are estimated on them. */
  readonly trained: Int32Array;
  /** Assigned label of every example, by example. */
  readonly assigned: Int32Array;
  readonly statisticsBatchSize: number;
};

/** Builds a network, finishes it, and scores it. Images that stand in two sets are run once. */
export async function evaluateNetwork(tensors: Tensors, data: EvaluationData, { isReestimated, isRetrained }: { isReestimated: boolean; isRetrained: boolean }): Promise<Evaluation> {
  const { description, examples, sets, trained, statisticsBatchSize } = data;
  const network = Network.fromTensors(description, tensors);
  try {
    if (isReestimated) await reestimateStatistics(network, examples, trained, { batchSize: statisticsBatchSize });
    const images = Int32Array.from(new Set([...(isRetrained ? trained : []), ...sets.flatMap(({ indices }) => [...indices])])).sort();
    const rowOf = new Map(Array.from(images, (image, row) => [image, row]));
    const logits = isRetrained ? await retrainedScores(network, data, { images, rowOf }) : await network.predict(examples, images);
    const scored = sets.map(({ set, indices, labels }) => ({ set, scores: scoreExamples(logits, { rows: indices.map((image) => rowOf.get(image)!), labels, classCount: description.classCount }) }));
    return {
      sets: scored.map(({ set, scores }) => ({ set, examples: scores.isCorrect.length, accuracy: accuracyOf(scores), loss: isRetrained ? undefined : lossOf(scores) })),
      isTestCorrect: scored.find(({ set }) => set === 'test')?.scores.isCorrect,
    };
  } finally {
    network.dispose();
  }
}

/** Fits the output layer again on the last hidden layer of the training images, and scores all images by it. */
async function retrainedScores(network: Network, data: EvaluationData, { images, rowOf }: { images: Int32Array; rowOf: ReadonlyMap<number, number> }): Promise<Float32Array> {
  const { examples, trained, assigned, description } = data;
  const tap = tapPoints(description).findLast(({ isHiddenOutput }) => isHiddenOutput)!;
  const width = tap.shape.reduce((product, size) => product * size, 1);
  const features = new Float32Array(images.length * width);
  await network.forEachBatch(examples, images, { taps: [tap.name] }, (start, tapped) => features.set(tapped[tap.name]!, start * width));
  const rows = gatherRows(features, width, Array.from(trained, (image) => rowOf.get(image)!));
  return applyReadout(fitReadout(rows, { labels: trained.map((image) => assigned[image]!), classCount: description.classCount }), features);
}
