import type { LearningRow, TableSchema } from '@memgeo/artifacts';
import { isNeverForgotten } from '../figures/forgetting.js';
import { isPart } from '../figures/rewinding-rows.js';
import { learningSetOf } from '../learning/learning-runs.js';
import type { Gathered } from '../rows/gather.js';
import { averageOverSeeds, type Averaged } from '../rows/over-seeds.js';

/** The tables of a report that hold measurements under seeds, and how their rows are told apart. */
const averaged = new Map<string, Averaged>(Object.entries({
  history: { keys: ['epoch', 'set'], values: ['loss', 'accuracy'] },
  learning: { keys: ['set'], values: ['forgettingEvents', 'isNeverForgotten', 'isLearned', 'isLearnedForGood', 'areaUnderMargin', 'finalMargin'] },
  geometry: { keys: ['epoch', 'layer', 'layerIndex', 'set'], values: ['value'] },
  similarity: { keys: ['comparison', 'set', 'layer', 'layerIndex', 'epoch', 'otherLayer', 'otherLayerIndex', 'otherEpoch'], values: ['value'] },
  rewinding: { keys: ['variant', 'layer', 'layerIndex', 'layers', 'epoch', 'batchNorm', 'weights', 'readout', 'set'], values: ['value'] },
  gradients: { keys: ['epoch', 'layer', 'layerIndex', 'set'], values: ['value'] },
  distances: { keys: ['epoch', 'layer', 'layerIndex'], values: ['value'] },
}));

/**
 * Averages a table of a report over seeds.
 *
 * Of rewound networks, the best and the final one have no epoch: it is each seed's own. Images have no row of their own, since seeds may have other ones: those of
 * a set are averaged, so that what is true or false of an image becomes a share.
 *
 * @param name  As in tables/NAME.csv.
 * @returns undefined if the table has fewer than two seeds, or nothing to average.
 */
export function tableOverSeeds(name: string, table: Gathered<object>, { columns }: TableSchema): ReturnType<typeof averageOverSeeds> {
  const how = averaged.get(name);
  if (how === undefined) return undefined;
  if (name === 'learning') return averageOverSeeds(imagesOf(table as Gathered<LearningRow>), how, { set: { type: 'string', description: 'unpermuted or permuted.' } });
  if (name !== 'rewinding') return averageOverSeeds(table, how, columns);
  const rows = (table.rows as readonly (Gathered<{ variant: string; epoch: number }>['rows'][number])[]).map((row) => ({ ...row, epoch: isPart(row) ? row.epoch : null }));
  return averageOverSeeds({ ...table, rows }, how, columns);
}

/** What of each image of a set is averaged, in numbers; 1 stands for true. */
function imagesOf({ axes, rows }: Gathered<LearningRow>): Gathered<object> {
  return {
    axes,
    rows: rows.flatMap((row) => {
      const { coordinates, forgettingEvents, areaUnderMargin, finalMargin, firstLearnedEpoch, learnedForGoodEpoch } = row;
      const set = learningSetOf(row);
      return set === undefined ? [] : [{ coordinates, set, forgettingEvents, isNeverForgotten: Number(isNeverForgotten(row)), isLearned: Number(firstLearnedEpoch !== null), isLearnedForGood: Number(learnedForGoodEpoch !== null), areaUnderMargin, finalMargin }];
    }),
  };
}
