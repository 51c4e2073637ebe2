export { evaluate } from './evaluation/evaluate.js';
export { exampleSetIndices, type ScoredSet } from './evaluation/example-set-indices.js';
