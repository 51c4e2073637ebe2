import { distanceGapTable, distancesTable, historyTable, readTable, writeTable, type DistanceGapRow, type DistancesRow, type HistoryRow } from '@memgeo/artifacts';
import { randomStream } from '@memgeo/numerics';
import { StageError, type InputPoint, type StageContext } from '@memgeo/stage';
import { generalizationGap } from '../distance/generalization-gap.js';
import { rankCorrelation } from '../distance/rank-correlation.js';
import { allLayers } from './distance-rows.js';

type Context = Pick<StageContext, 'log'> & {
  readonly params: { readonly seed: number };
  readonly inputs: { readonly distances: readonly InputPoint<string>[]; readonly history: readonly InputPoint<string>[] };
  readonly outputs: { readonly distanceGap: string };
};
/** One run at its last epoch. */
type Run = { readonly name: string; readonly gap: number; readonly layers: readonly Pick<DistancesRow, 'layer' | 'layerIndex' | 'value' | 'note'>[] };

const stage = 'rewinding/distance-gap';
/** Fewer points than this always lie in order by chance. */
const leastRuns = 4;

/** Compares runs at their last epochs, and writes the table `distanceGap`. */
export async function measureDistanceGap({ params, inputs, outputs, log }: Context): Promise<{ runs: number }> {
  const runs: Run[] = [];
  for (const { name, distances, history } of matchRuns(inputs)) runs.push(readRun(name, await readTable(distances, distancesTable), await readTable(history, historyTable)));
  if (runs.length < leastRuns) log(`There are ${runs.length} runs; a correlation takes ${leastRuns}.`);
  const layers = new Map(runs.flatMap((run) => run.layers.map(({ layer, layerIndex }) => [layer, layerIndex])));
  const correlations = [...layers].map(([layer, layerIndex]) => ({ run: '', layer, layerIndex, measure: 'rankCorrelation', ...correlate(layer, runs, params.seed) }));
  await writeTable(outputs.distanceGap, distanceGapTable, [...correlations, ...runs.flatMap(pointsOf)]);
  return { runs: runs.length };
}

/** Pairs the tables of each run by their coordinates. */
function matchRuns({ distances, history }: Context['inputs']): { name: string; distances: string; history: string }[] {
  const histories = new Map(history.map((point) => [nameOf(point), point.location]));
  const names = new Set<string>();
  return distances.map((point) => {
    const name = nameOf(point);
    if (names.has(name)) throw new StageError(`${stage}: runs must differ in their coordinates; there are two of "${name}". Give one table per run.`);
    names.add(name);
    const found = histories.get(name);
    if (found === undefined) throw new StageError(`${stage}: each run must have a history at its coordinates; "${name}" has none. Those there are: ${[...histories.keys()].map((other) => `"${other}"`).join(', ')}.`);
    return { name, distances: point.location, history: found };
  });
}

function nameOf({ coordinates }: InputPoint<string>): string {
  return Object.keys(coordinates).sort().map((axis) => `${axis}=${coordinates[axis]}`).join(', ');
}

function readRun(name: string, distances: readonly DistancesRow[], history: readonly HistoryRow[]): Run {
  const measured = distances.filter(({ measure }) => measure === 'relativeDistance');
  const epochs = new Set(history.map(({ epoch }) => epoch));
  const epoch = measured.reduce((last, row) => (epochs.has(row.epoch) && row.epoch > last ? row.epoch : last), -1);
  const gap = generalizationGap(history.filter((row) => row.epoch === epoch));
  if (gap === undefined) throw new StageError(`${stage}: run "${name}" must have distances, training and test accuracies at one epoch; there is none. Keep the checkpoint of the last epoch, and test examples.`);
  return { name, gap, layers: measured.filter((row) => row.epoch === epoch) };
}

/** Correlates over the runs that have a distance in this layer. */
function correlate(layer: string, runs: readonly Run[], seed: number): Omit<DistanceGapRow, 'run' | 'layer' | 'layerIndex' | 'measure'> {
  const points = runs.flatMap(({ gap, layers }) => layers.filter((row) => row.layer === layer && row.value !== null).map(({ value }) => ({ gap, distance: value! })));
  const none = { value: null, lower: null, upper: null, pValue: null, runs: points.length };
  if (points.length < leastRuns) return { ...none, note: `A correlation takes at least ${leastRuns} runs with a distance; there are ${points.length}.` };
  // The same samples and orders in every layer, so that layers differ by their distances alone.
  const result = rankCorrelation(points.map(({ distance }) => distance), points.map(({ gap }) => gap), { random: randomStream(seed, stage) });
  if (result === undefined) return { ...none, note: 'All runs have the same distance or the same gap.' };
  return { value: result.value, lower: result.interval[0], upper: result.interval[1], pValue: result.pValue, runs: points.length, note: '' };
}

function pointsOf({ name, gap, layers }: Run): DistanceGapRow[] {
  const none = { run: name, lower: null, upper: null, pValue: null, runs: 1 };
  return [
    { ...none, layer: allLayers, layerIndex: null, measure: 'generalizationGap', value: gap, note: '' },
    ...layers.map(({ layer, layerIndex, value, note }) => ({ ...none, layer, layerIndex, measure: 'relativeDistance', value, note })),
  ];
}
