import type { TableSchema } from '@memgeo/artifacts';
import { isPart } from '../figures/rewinding-rows.js';
import type { Gathered } from '../rows/gather.js';
import { averageOverSeeds, type Averaged } from '../rows/over-seeds.js';

/** The tables of a report that hold measurements under seeds, and how their rows are told apart. */
const averaged = new Map<string, Averaged>(Object.entries({
  history: { keys: ['epoch', 'set'], values: ['loss', 'accuracy'] },
  geometry: { keys: ['epoch', 'layer', 'layerIndex', 'set'], values: ['value'] },
  similarity: { keys: ['comparison', 'set', 'layer', 'layerIndex', 'epoch', 'otherLayer', 'otherLayerIndex', 'otherEpoch'], values: ['value'] },
  rewinding: { keys: ['variant', 'layer', 'layerIndex', 'layers', 'epoch', 'batchNorm', 'weights', 'readout', 'set'], values: ['value'] },
  gradients: { keys: ['epoch', 'layer', 'layerIndex', 'set'], values: ['value'] },
  distances: { keys: ['epoch', 'layer', 'layerIndex'], values: ['value'] },
}));

/**
 * Averages a table of a report over seeds.
 *
 * Of rewound networks, the best and the final one have no epoch: it is each seed's own.
 *
 * @param name  As in tables/NAME.csv.
 * @returns undefined if the table has fewer than two seeds, or nothing to average.
 */
export function tableOverSeeds(name: string, table: Gathered<object>, { columns }: TableSchema): ReturnType<typeof averageOverSeeds> {
  const how = averaged.get(name);
  if (how === undefined) return undefined;
  if (name !== 'rewinding') return averageOverSeeds(table, how, columns);
  const rows = (table.rows as readonly (Gathered<{ variant: string; epoch: number }>['rows'][number])[]).map((row) => ({ ...row, epoch: isPart(row) ? row.epoch : null }));
  return averageOverSeeds({ ...table, rows }, how, columns);
}
