export { changedGroups, networkIdentity, planNetworks, type PlanOptions, type RewoundNetwork, type Statistics } from './rewind/plan-networks.js';
export { setBack, type Tensors } from './rewind/set-back.js';
export { accuracyOf, lossOf, scoreExamples, type ExampleScores, type MeanOverExamples } from './rewind/score-examples.js';
export { restoration, type Restoration } from './rewind/restoration.js';
export { applyReadout, fitReadout, type Readout } from './rewind/fit-readout.js';
export { weightDistance, type WeightDistance } from './distance/weight-distance.js';
export { generalizationGap, type SetAccuracy } from './distance/generalization-gap.js';
export { permutationPValue, rankCorrelation, ranks, spearman, type RankCorrelation } from './distance/rank-correlation.js';
