export { equitableParts, type LabelPairs } from './batches/equitable-parts.js';
export { examplePools, type ExamplePool, type LabeledSet } from './batches/example-pools.js';
export { labelCotangent, probeCotangent, softmaxCotangent } from './split/cotangents.js';
export { combineSums, gradientSums, type GradientSums, type ParameterRange } from './split/gradient-sums.js';
export { allLayers, splitGradients, type GradientMeasurement } from './split/split-gradients.js';
export { jackknife, jackknifeQuotient, type Estimate } from './measures/jackknife.js';
export { gradientNorm, gradientProjection, gradientRatio, labelAlignment, unbiasedNorm, type BatchSizes, type TraceProbes } from './measures/gradient-measures.js';
export { splitParams } from './stages/split.js';
