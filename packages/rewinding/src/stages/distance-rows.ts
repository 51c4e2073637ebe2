import type { DistancesRow } from '@memgeo/artifacts';
import type { LayerGroup } from '@memgeo/network';
import { weightDistance } from '../distance/weight-distance.js';
import type { Tensors } from '../rewind/set-back.js';
import type { CheckpointSeries } from './checkpoint-series.js';

/** Name under which all layers together stand. */
export const allLayers = '(all layers)';

/** Compares the weights at every checkpoint with those of epoch 0, by layer and for all together. */
export async function measureDistances(series: CheckpointSeries, groups: readonly LayerGroup[]): Promise<DistancesRow[]> {
  const initial = series.epochs[0] === 0 ? await series.read(0) : undefined;
  const rows: DistancesRow[] = [];
  for (const epoch of series.epochs) {
    const tensors = await series.read(epoch);
    const layers = [...groups.map((group) => ({ layer: group.name, layerIndex: group.index, own: [group] })), { layer: allLayers, layerIndex: null, own: groups }];
    for (const { own, ...layer } of layers) rows.push(...distanceRows(weightsOf(tensors, own), initial && weightsOf(initial, own)).map((row) => ({ epoch, ...layer, ...row })));
  }
  return rows;
}

function distanceRows(weights: readonly Float32Array[], initial: readonly Float32Array[] | undefined): Pick<DistancesRow, 'measure' | 'value' | 'parameters' | 'note'>[] {
  const measured = initial && weightDistance(weights, initial);
  return (['distance', 'relativeDistance', 'cosine'] as const).map((measure) => {
    const value = measured?.[measure] ?? null;
    const note = value !== null ? '' : measured === undefined ? 'There is no checkpoint of epoch 0 to compare with.' : 'The weights of one side are all zero.';
    return { measure, value, parameters: weights.reduce((sum, { length }) => sum + length, 0), note };
  });
}

/** What training changes by its gradient: kernels, biases, scales and offsets. */
function weightsOf(tensors: Tensors, groups: readonly LayerGroup[]): Float32Array[] {
  return groups.flatMap(({ parameters }) => parameters.filter(({ isTrainable }) => isTrainable).map(({ name }) => tensors.get(name)!.data));
}
