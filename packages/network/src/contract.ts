export { networkSchema } from './description/network-spec.js';
export { backendNames, backendSchema, type BackendName } from './backends/open-backend.js';
