export { crossProducts, innerProduct } from './products';
export { addCombinations, addScaled } from './combinations';
export { solveNonnegative } from './nonnegative';
export { factorGram } from './cholesky';
export { orthonormalize } from './orthonormalize';
export { promote, scale } from './rows';
