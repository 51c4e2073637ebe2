export { choosePoints, type BookRow, type ManifoldPoint } from './selection/choose-points.js';
export { regularSubgraph, type LabelEdge } from './selection/regular-subgraph.js';
export { randomProjection } from './projection/random-projection.js';
