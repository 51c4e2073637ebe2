export { trainParams } from './stages/train.js';
