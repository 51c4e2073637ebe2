import type { Run } from './runs.js';

/** Whether every layer that the tables name is a dense one, the first among them, so that the thresholds for such networks apply. */
export function isFullyConnected({ geometry, gradients, rewinding }: Run): boolean {
  const layers = [...geometry, ...gradients, ...rewinding].map(({ layer }) => layer).filter((layer) => layer !== '' && layer !== 'input' && layer !== 'output' && !layer.startsWith('('));
  return layers.some((layer) => /^dense1(\.|$)/.test(layer)) && layers.every((layer) => /^dense\d/.test(layer)) && !isBehindOthers([...geometry, ...gradients, ...rewinding]);
}

/** Whether the first dense layer is not the first layer with weights: then others, which no table names, lie before it. */
function isBehindOthers(rows: readonly { readonly layer: string; readonly layerIndex: number | null }[]): boolean {
  return rows.some(({ layer, layerIndex }) => /^dense1(\.|$)/.test(layer) && layerIndex !== null && layerIndex > 1);
}
