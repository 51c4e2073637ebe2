export { RandomStream, randomStream } from './random/random-stream.js';
