export { accumulateFilterGradient, accumulateOuterProducts } from './outer-products';
export { combineColumns, sumColumns, sumRows } from './columns';
export { convolveBack, turnFilter } from './convolution-gradients';
export { descend, descendAdaptively, rectifiedGradient } from './elementwise';
export { routeMaxima, routeMaximaOf2x2 } from './max-pooling';
export { multiply, multiplyTransposed } from './products';
export { convolveByTiles, filterGradientByTiles, transformFilter } from './winograd';
