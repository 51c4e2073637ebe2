export { installedStages } from './catalog/installed-stages.js';
export { main } from './main.js';
