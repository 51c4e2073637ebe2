import { defineTable, type Row } from '../table/table-schema.js';

/** One row per example: the books of the permutation. */
export const labelsTable = defineTable('labels@1', {
  exampleId: { type: 'int32', description: 'Row of the examples tensor.' },
  split: { type: 'string', description: 'train or test.' },
  trueLabel: { type: 'int32', description: 'Class index of the image.' },
  assignedLabel: { type: 'int32', description: 'Class index used in training; equal to trueLabel unless permuted.' },
  isPermuted: { type: 'boolean', description: 'Whether the example was selected for permutation, fixed points included.' },
});
export type LabelsRow = Row<typeof labelsTable>;

/** One row per evaluated epoch and example set: what the network knows there, in evaluation mode. */
export const historyTable = defineTable('history@1', {
  epoch: { type: 'float64', description: 'Epochs completed, 0.5 in the middle of the first; 0 is the network as initialized.' },
  set: { type: 'string', description: 'unpermuted, permuted (assigned labels), restored (same images, true labels) or test.' },
  examples: { type: 'int32', description: 'Number of examples evaluated.' },
  loss: { type: 'float64', description: 'Mean cross-entropy, nats.' },
  accuracy: { type: 'float64', description: 'Fraction classified as the label of the set, 0 to 1.' },
  learningRate: { type: 'float64', description: 'Learning rate of the last step before; 0 at epoch 0.' },
});
export type HistoryRow = Row<typeof historyTable>;

/** Tidy: one row per epoch, layer, example set and measure. Every geometry stage writes it, every figure reads it. */
export const geometryTable = defineTable('geometry@2', {
  epoch: { type: 'float64', isNullable: true, description: 'Epochs completed, not always whole; null if the activations do not say.' },
  layer: { type: 'string', description: 'Name of the tensor analyzed, as in conv2.pool.' },
  layerIndex: { type: 'int32', isNullable: true, description: 'Depth of the layer, 0 for the input; null if unknown.' },
  set: { type: 'string', description: 'unpermuted, permuted, restored, test, or a name of the user\'s.' },
  measure: { type: 'string', description: 'What was measured, as in capacity.' },
  value: { type: 'float64', isNullable: true, description: 'The measurement; null if there is none, see note.' },
  standardError: { type: 'float64', isNullable: true, description: 'Standard error of value over manifolds or examples, as if others had been drawn; null if unknown.' },
  lower: { type: 'float64', isNullable: true, description: 'Lower end of the 95 % interval that goes with it; null if unknown.' },
  upper: { type: 'float64', isNullable: true, description: 'Upper end.' },
  samplingError: { type: 'float64', isNullable: true, description: 'Standard error over random draws alone, as of Gaussian vectors: what more of them would still change; null if none are drawn.' },
  manifolds: { type: 'int32', description: 'Number of manifolds, P.' },
  pointsPerManifold: { type: 'int32', description: 'Points per manifold, M; the smallest if they differ.' },
  ambientDimension: { type: 'int32', description: 'Number of features analyzed, N.' },
  note: { type: 'string', description: 'Warnings; empty if there are none.' },
});
export type GeometryRow = Row<typeof geometryTable>;

/** Schemas of the tensor, tensor-set and folder artifacts that stages exchange. */
export const examplesSchema = 'examples@1';
export const checkpointSchema = 'checkpoint@1';
export const activationsSchema = 'activations@1';
export const reportSchema = 'report@1';

/** The outputs that hold a labelled data set, and what a stage that takes one declares. */
export const labeledExamples = {
  examples: { kind: 'tensor', schema: examplesSchema, description: 'Images: the training examples, then the test examples.' },
  labels: { kind: 'table', schema: labelsTable.schema, description: 'Split, true label and assigned label of each example.' },
} as const;

/** Tidy: one row per pair of layers of one epoch, or of epochs of one layer, and measure. A pair stands once, the earlier first. */
export const similarityTable = defineTable('similarity@1', {
  comparison: { type: 'string', description: 'layers (of one epoch) or epochs (of one layer).' },
  set: { type: 'string', description: 'unpermuted, permuted, restored, test, or a name of the user\'s.' },
  layer: { type: 'string', description: 'Name of the first tensor, as in conv2.pool.' },
  layerIndex: { type: 'int32', isNullable: true, description: 'Depth of the first layer, 0 for the input; null if unknown.' },
  epoch: { type: 'float64', description: 'Epochs completed at the first; the position in the input if nothing says.' },
  otherLayer: { type: 'string', description: 'Name of the second tensor.' },
  otherLayerIndex: { type: 'int32', isNullable: true, description: 'Depth of the second layer.' },
  otherEpoch: { type: 'float64', description: 'Epochs completed at the second.' },
  measure: { type: 'string', description: 'cka, ckaUnbiased, rsa, procrustesSimilarity or procrustesDistance.' },
  value: { type: 'float64', isNullable: true, description: 'The measurement; null if there is none, see note.' },
  standardError: { type: 'float64', isNullable: true, description: 'Standard error of value; null if unknown.' },
  examples: { type: 'int32', description: 'Number of examples compared.' },
  note: { type: 'string', description: 'Why there is no value; empty if there is one.' },
});
export type SimilarityRow = Row<typeof similarityTable>;
