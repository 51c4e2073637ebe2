import { sortLayers } from '../rows/gather.js';

/** Under this name stand rows of all layers together. */
export const allLayers = '(all layers)';

/** Rows of single layers, without those of all together. */
export function singleLayers<Row extends { readonly layer: string }>(rows: readonly Row[]): Row[] {
  return rows.filter((row) => row.layer !== allLayers);
}

/** Chooses layers spread evenly over the depth, the first and the last among them. */
export function spreadLayers(rows: readonly { readonly layer: string; readonly layerIndex: number | null }[], most: number): string[] {
  const layers = sortLayers(singleLayers(rows));
  if (layers.length <= most) return layers;
  return Array.from({ length: most }, (_, i) => layers[Math.round((i * (layers.length - 1)) / (most - 1))]!);
}
