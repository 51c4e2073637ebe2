import { defineTable, type Row } from '../table/table-schema.js';

/**
 * One row per training example: when it was learned, and how firmly.
 *
 * An example is judged once an epoch by the logits that training computes when it comes to it, in training mode, just before the step it is
 * part of; it is learned there if its assigned label has the largest logit.
 */
export const learningTable = defineTable('learning@1', {
  exampleId: { type: 'int32', description: 'Row of the examples tensor.' },
  trueLabel: { type: 'int32', description: 'Class index of the image.' },
  assignedLabel: { type: 'int32', description: 'Class index used in training.' },
  isPermuted: { type: 'boolean', description: 'Whether the example was selected for permutation, fixed points included.' },
  epochs: { type: 'int32', description: 'Times it was trained on.' },
  firstLearnedEpoch: { type: 'int32', isNullable: true, description: 'First epoch, from 1, in which it was learned; null if never.' },
  learnedForGoodEpoch: { type: 'int32', isNullable: true, description: 'Epoch from which on it was learned to the end; null if it was not in the last.' },
  forgettingEvents: { type: 'int32', description: 'Times it was learned in one epoch and not in the next [toneva2019empirical].' },
  areaUnderMargin: { type: 'float64', description: 'Mean over epochs of the margin: logit of the assigned label minus the largest other one [pleiss2020identifying].' },
  finalMargin: { type: 'float64', description: 'Margin in the last epoch.' },
});
export type LearningRow = Row<typeof learningTable>;
