export { choosePoints, type ManifoldPoint } from './selection/choose-points.js';
export { regularSubgraph, type LabelEdge } from './selection/regular-subgraph.js';
export { fastProjection, projectionRows, randomProjection, type ProjectionSeed } from './projection/random-projection.js';
export { extractLayers, type ExtractionOptions } from './extraction/extract-layers.js';
export { planPasses, type ExtractedLayer, type PassPart } from './extraction/plan-passes.js';
