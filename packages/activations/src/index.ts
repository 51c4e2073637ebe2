export { choosePoints, type ManifoldPoint } from './selection/choose-points.js';
export { regularSubgraph, type LabelEdge } from './selection/regular-subgraph.js';
export { randomProjection } from './projection/random-projection.js';
