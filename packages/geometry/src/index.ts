export { manifoldGeometry, type Estimate, type ManifoldGeometry } from './mftma/manifold-geometry.js';
export type { LabeledPoints } from './mftma/labeled-points.js';
export type { LowRank } from './mftma/low-rank.js';
export { ballCapacity, chanceCapacity, pointCapacity } from './theory/capacities.js';
export { randomStream, type RandomStream } from '@memgeo/numerics';
