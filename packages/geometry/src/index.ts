export { manifoldGeometry, type ManifoldGeometry } from './mftma/manifold-geometry.js';
export type { Estimate } from './statistics/estimate.js';
export type { LabeledPoints } from './points/labeled-points.js';
export type { LowRank } from './mftma/low-rank.js';
export { ballCapacity, chanceCapacity, pointCapacity } from './theory/capacities.js';
export { randomStream, type RandomStream } from '@memgeo/numerics';
