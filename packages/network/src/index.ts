export { networkSchema, type NetworkDescription, type NetworkSpec } from './description/network-spec.js';
export { layersOf, tapPoints, type Layer, type ParameterShape } from './description/layers.js';
export { initialParameters, type NamedParameter } from './description/initial-parameters.js';
export { backendNames, backendSchema, describeBackends, openBackend, type BackendName } from './backends/open-backend.js';
export { measureNormalization, type Examples } from './model/examples.js';
export { Network } from './model/network.js';
export { NonFiniteLossError, Trainer, type OptimizerOptions } from './training/trainer.js';
export { scoreLogits } from './training/cross-entropy.js';
