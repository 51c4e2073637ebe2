import type { Run } from './runs.js';

/** Whether every layer that the tables name is a dense one, so that the thresholds for such networks apply. */
export function isFullyConnected({ geometry, gradients, rewinding }: Run): boolean {
  const layers = [...geometry, ...gradients, ...rewinding].map(({ layer }) => layer).filter((layer) => layer !== '' && layer !== 'input' && layer !== 'output' && !layer.startsWith('('));
  return layers.length > 0 && layers.every((layer) => /^dense\d/.test(layer));
}
