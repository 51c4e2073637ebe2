import { defineTable, type Row } from '../table/table-schema.js';

/** Tidy: one row per epoch, layer group, example set and measure of the gradient of the loss, split in two parts. */
export const gradientsTable = defineTable('gradients@1', {
  epoch: { type: 'float64', description: 'Epochs completed at the checkpoint.' },
  layer: { type: 'string', description: 'Layer whose parameters the gradient is of, as in conv1; (all layers) for all together.' },
  layerIndex: { type: 'int32', isNullable: true, description: 'Depth of the layer, counted over layers with weights, from 1; null for all together.' },
  set: { type: 'string', description: 'unpermuted, permuted, restored or test. A ratio of permuted to unpermuted stands under permuted.' },
  measure: { type: 'string', description: 'What was measured, as in labelDependentNorm.' },
  value: { type: 'float64', isNullable: true, description: 'The measurement; null if there is none, see note.' },
  standardError: { type: 'float64', isNullable: true, description: 'Standard error of value, as if other examples had been drawn; null if unknown.' },
  examples: { type: 'int32', description: 'Number of examples the gradient is a mean over.' },
  parameters: { type: 'int32', description: 'Number of parameters the gradient has.' },
  note: { type: 'string', description: 'Warnings; empty if there are none.' },
});
export type GradientsRow = Row<typeof gradientsTable>;

/** Tidy: one row per network with layers set back, example set and measure. */
export const rewindingTable = defineTable('rewinding@1', {
  variant: { type: 'string', description: 'final (nothing set back), best (the network of the best test epoch, as it was), single (one layer) or tail (a layer and all after it).' },
  layer: { type: 'string', description: 'The layer set back, or the first of them; empty for final and best.' },
  layerIndex: { type: 'int32', isNullable: true, description: 'Its depth, counted over layers with weights, from 1; null for final and best.' },
  layers: { type: 'string', description: 'All layers set back, joined by ", ".' },
  epoch: { type: 'float64', description: 'Epoch the layers are set back to; for final the final epoch.' },
  finalEpoch: { type: 'float64', description: 'Epoch of the other layers.' },
  batchNorm: { type: 'string', description: 'Statistics of batch normalization: reestimated, rewound or kept; none if the network has none.' },
  weights: { type: 'string', description: 'Weights of the layers set back: stored (those of the epoch) or fresh (a new random start).' },
  readout: { type: 'string', description: 'stored, or retrained: the output layer fitted again on frozen features.' },
  set: { type: 'string', description: 'unpermuted, permuted (assigned labels), restored (same images, true labels) or test.' },
  measure: { type: 'string', description: 'accuracy, loss, or restoration (of the test accuracy, under set test).' },
  value: { type: 'float64', isNullable: true, description: 'The measurement; null if there is none, see note.' },
  standardError: { type: 'float64', isNullable: true, description: 'Standard error of value over examples; null if unknown.' },
  examples: { type: 'int32', description: 'Number of examples evaluated.' },
  note: { type: 'string', description: 'Warnings; empty if there are none.' },
});
export type RewindingRow = Row<typeof rewindingTable>;

/** Tidy: how far the weights of each layer have moved from where training began. */
export const distancesTable = defineTable('distances@1', {
  epoch: { type: 'float64', description: 'Epochs completed.' },
  layer: { type: 'string', description: 'Layer with weights, as in conv1; (all layers) for all together.' },
  layerIndex: { type: 'int32', isNullable: true, description: 'Depth of the layer, from 1; null for all together.' },
  measure: { type: 'string', description: 'distance, relativeDistance (by the norm of the initial weights) or cosine (with the initial weights).' },
  value: { type: 'float64', isNullable: true, description: 'The measurement; null if there is none, see note.' },
  parameters: { type: 'int32', description: 'Number of weights compared.' },
  note: { type: 'string', description: 'Warnings; empty if there are none.' },
});
export type DistancesRow = Row<typeof distancesTable>;

/** Tidy: per layer, whether runs whose weights moved farther generalize worse; and per run, what was compared. */
export const distanceGapTable = defineTable('distance-gap@1', {
  run: { type: 'string', description: 'Coordinates of the run, as in fraction=0.5, seed=1; empty for what is over all runs.' },
  layer: { type: 'string', description: 'Layer with weights; (all layers) for all together.' },
  layerIndex: { type: 'int32', isNullable: true, description: 'Depth of the layer, from 1; null for all together.' },
  measure: { type: 'string', description: 'rankCorrelation (Spearman\'s, of relativeDistance with generalizationGap over runs), relativeDistance, or generalizationGap (under (all layers)).' },
  value: { type: 'float64', isNullable: true, description: 'The measurement; null if there is none, see note.' },
  lower: { type: 'float64', isNullable: true, description: 'Lower end of its 95 % interval over runs; null if unknown.' },
  upper: { type: 'float64', isNullable: true, description: 'Upper end.' },
  pValue: { type: 'float64', isNullable: true, description: 'Chance of a correlation at least as large in size without any relation; null if unknown.' },
  runs: { type: 'int32', description: 'Number of runs behind value.' },
  note: { type: 'string', description: 'Warnings; empty if there are none.' },
});
export type DistanceGapRow = Row<typeof distanceGapTable>;

/** One row per layer, example set and phase of learning, in order of epochs. */
export const phasesTable = defineTable('phases@1', {
  layer: { type: 'string', description: 'Name of the tensor analyzed, as in conv2.pool.' },
  layerIndex: { type: 'int32', isNullable: true, description: 'Depth of the layer, 0 for the input; null if unknown.' },
  set: { type: 'string', description: 'Example set.' },
  phase: { type: 'string', description: 'constant, falling or rising loss of reconstruction; none if no phases are seen.' },
  fromEpoch: { type: 'float64', isNullable: true, description: 'First epoch of the phase; null for none.' },
  toEpoch: { type: 'float64', isNullable: true, description: 'Last epoch of the phase.' },
  change: { type: 'float64', isNullable: true, description: 'Change of 1 - R squared over the phase.' },
  standardError: { type: 'float64', isNullable: true, description: 'Standard error of the change; null if unknown.' },
  note: { type: 'string', description: 'Warnings, such as no phases seen; empty if there are none.' },
});
export type PhasesRow = Row<typeof phasesTable>;

/** One row per criterion of a claim: what was measured, how sure it is, and what follows. */
export const claimsTable = defineTable('claims@1', {
  claim: { type: 'string', description: 'Name of the claim, as in generalizesFirst.' },
  statement: { type: 'string', description: 'The claim in a sentence.' },
  criterion: { type: 'string', description: 'Name of the criterion, as in permutedAccuracyAtBest.' },
  statistic: { type: 'string', description: 'What is measured, in words, with layer and epoch.' },
  value: { type: 'float64', isNullable: true, description: 'The statistic, a mean over seeds; null if there is none, see reason.' },
  lower: { type: 'float64', isNullable: true, description: 'Lower end of its 95 % interval; null if unknown.' },
  upper: { type: 'float64', isNullable: true, description: 'Upper end.' },
  intervalOver: { type: 'string', description: 'What the interval answers for: seeds, or within one seed examples or classes; nothing if there is none.' },
  seeds: { type: 'int32', description: 'Number of seeds behind value.' },
  comparison: { type: 'string', description: 'above or below: on which side of threshold the claim is shown.' },
  threshold: { type: 'float64', description: 'Where the claim is decided.' },
  thresholdSource: { type: 'string', description: 'Where the threshold comes from.' },
  isDeciding: { type: 'boolean', description: 'Whether the verdict of the claim depends on this criterion.' },
  verdict: { type: 'string', description: 'shown, not shown or cannot be judged.' },
  reason: { type: 'string', description: 'Why it is not shown or cannot be judged, or what limits it; empty if there is nothing to add.' },
});
export type ClaimsRow = Row<typeof claimsTable>;
