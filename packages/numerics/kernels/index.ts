export { crossProducts, innerProduct } from './products';
export { addCombinations } from './combinations';
export { solveNonnegative } from './nonnegative';
export { factorGram } from './cholesky';
