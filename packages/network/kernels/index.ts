export { accumulateFilterGradient, accumulateOuterProducts } from './outer-products';
export { combineColumns, sumColumns } from './columns';
