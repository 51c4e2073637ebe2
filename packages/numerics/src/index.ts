export { kernels, type Kernels } from './kernels/kernels.js';
export { randomStream, RandomStream } from './random/random-stream.js';
export { addScaled, dot } from './linear/vector.js';
export { gatherRows } from './linear/gather-rows.js';
export { crossProducts, gramOfRows } from './linear/cross-products.js';
export { orthonormalize } from './linear/orthonormalize.js';
export { symmetricEigenvalues } from './linear/symmetric-eigenvalues.js';
