import { assignedLabels, examplesSchema, exampleSetIndices, labelsTable, readTable, readTensor, type LabelsRow, type ScoredSet, type Tensor } from '@memgeo/artifacts';
import type { Examples } from '@memgeo/network';
import { StageError } from '@memgeo/stage';

/** Images, what they are taught as, and the sets they are scored in. */
export type TrainingData = {
  readonly examples: Examples;
  readonly inputShape: readonly [number, number, number];
  readonly classCount: number;
  readonly labels: readonly LabelsRow[];
  /** Training examples, in the order of their ids. */
  readonly trained: Int32Array;
  /** Assigned class of every example, by example. */
  readonly assigned: Int32Array;
  readonly sets: readonly ScoredSet[];
};

/** Reads a labeled data set. @throws StageError if nothing can be learned from it. */
export async function readTrainingData({ examples: folder, labels: table }: { readonly examples: string; readonly labels: string }, stage: string): Promise<TrainingData> {
  const tensor = await readTensor(folder, { schema: examplesSchema });
  const labels = await readTable(table, labelsTable);
  const count = tensor.shape[0]!;
  const { height, width, channels, classNames } = tensor.metadata as { height: number; width: number; channels: number; classNames: readonly string[] };
  const fault = faultOf({ tensor, labels, classCount: classNames.length });
  if (fault !== undefined) throw new StageError(`${stage}: ${fault}`);
  return {
    examples: { data: tensor.data, count }, inputShape: [height, width, channels], classCount: classNames.length, labels, assigned: assignedLabels(labels, count),
    trained: Int32Array.from(labels.filter(({ split }) => split === 'train'), ({ exampleId }) => exampleId), sets: exampleSetIndices(labels),
  };
}

function faultOf({ tensor, labels, classCount }: { tensor: Tensor; labels: readonly LabelsRow[]; classCount: number }): string | undefined {
  const count = tensor.shape[0]!;
  if (classCount < 2) return `data must have at least 2 classes; it has ${classCount}. There is nothing to learn.`;
  if (labels.length !== count || new Set(labels.map(({ exampleId }) => exampleId)).size !== count) return `labels must have one row for each of the ${count} examples; got ${labels.length} rows.`;
  const odd = labels.find(({ exampleId, assignedLabel, trueLabel }) => exampleId < 0 || exampleId >= count || [assignedLabel, trueLabel].some((label) => label < 0 || label >= classCount));
  if (odd) return `labels must name examples 0 to ${count - 1} and classes 0 to ${classCount - 1}; got example ${odd.exampleId} of class ${odd.trueLabel}, assigned ${odd.assignedLabel}.`;
  if (!labels.some(({ split }) => split === 'train')) return 'data must have training examples; it has none.';
  return undefined;
}
