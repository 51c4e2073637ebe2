export { accumulateFilterGradient } from './outer-products';
export { sumRows } from './columns';
export { convolveBack, filterGradient, turnFilter } from './convolution-gradients';
export { descend, descendAdaptively, rectifiedGradient } from './elementwise';
export { routeMaxima, routeMaximaOf2x2 } from './max-pooling';
export { normalizeColumns, normalizedGradient, sumDeviations, sumGradients } from './normalization';
export { multiply, multiplyTransposed } from './products';
export { convolveByTiles, filterGradientByTiles, transformFilter } from './winograd';
