import type { GeometryRow } from '@memgeo/artifacts';
import { sortLayers } from '../rows/gather.js';
import { bestEpochOf, finalEpochOf } from './accuracies.js';
import { fewClasses } from './doubts.js';
import { fromError, linear, type Estimate } from './estimate.js';
import { NotMeasured } from './not-measured.js';
import type { Run } from './runs.js';

/** The last measured epoch stands for the end if it lies in the last fifth of training. */
const endFraction = 0.8;

type HasGeometry = Pick<Run, 'geometry'>;

/** Hidden layers by depth: those with a capacity, without the input and the output. */
export function hiddenLayers({ geometry }: HasGeometry): string[] {
  if (geometry.length === 0) throw new NotMeasured('there is no geometry');
  const layers = sortLayers(geometry.filter((row) => row.measure === 'capacity' && row.layerIndex !== 0 && row.layer !== 'input' && row.layer !== 'output'));
  if (layers.length === 0) throw new NotMeasured('no hidden layer has a capacity');
  return layers;
}

/** The last hidden layer. */
export function lastLayer(run: HasGeometry): string {
  return hiddenLayers(run).at(-1)!;
}

/** The first hidden layer, where there are two or more. */
export function firstLayer(run: HasGeometry): string {
  const layers = hiddenLayers(run);
  if (layers.length < 2) throw new NotMeasured('there is one hidden layer only, so first and last are the same');
  return layers[0]!;
}

/** Hidden layers without the last two. */
export function earlyLayers(run: HasGeometry): string[] {
  const layers = hiddenLayers(run).slice(0, -2);
  if (layers.length === 0) throw new NotMeasured('there are fewer than three hidden layers, so none counts as early');
  return layers;
}

/** A measure of a set in a layer at an epoch, with its standard error over classes. */
export function measureAt({ geometry }: HasGeometry, { set, measure, layer, epoch }: { set: string; measure: string; layer: string; epoch: number }): Estimate {
  const row = rowOf(geometry, { set, measure, layer, epoch });
  return fromError(row.value!, row.standardError, { layers: [layer], epochs: [epoch], doubts: fewClasses(row.manifolds) });
}

/** The capacity of a set in units of chance, 2/M. */
export function capacityOverChance({ geometry }: HasGeometry, { set, layer, epoch }: { set: string; layer: string; epoch: number }): Estimate {
  const { pointsPerManifold } = rowOf(geometry, { set, measure: 'capacity', layer, epoch });
  if (pointsPerManifold <= 0) throw new NotMeasured(`the points of a manifold in ${layer} are not known`);
  return linear(measureAt({ geometry }, { set, measure: 'capacity', layer, epoch }), pointsPerManifold / 2, 0);
}

/** The measured epoch nearest to the best test accuracy, if it is at most half as far away as the best is from the start. */
export function bestMeasuredEpoch(run: Run): number {
  return nearestEpoch(measuredEpochs(run), bestEpochOf(run));
}

/** Says so where another epoch than the best had to stand for it. */
export function sayNearest(run: Run): string | undefined {
  const [measured, best] = [bestMeasuredEpoch(run), bestEpochOf(run)];
  return measured === best ? undefined : `epoch ${measured} is the one measured nearest to the best test epoch, ${best}`;
}

/** The measured epoch that stands for the end of training. */
export function endMeasuredEpoch(run: Run): number {
  const last = Math.max(...measuredEpochs(run));
  const final = finalEpochOf(run);
  if (last === 0 || last < endFraction * final) throw new NotMeasured(`the geometry of the end (epoch ${final}) was not measured; the last epoch measured is ${last}`);
  return last;
}

/**
 * Chooses the epoch nearest to a wanted one, the earlier of two. Before training is near to nothing else.
 *
 * @throws NotMeasured if none is within half of the wanted epoch, or within 1.
 */
export function nearestEpoch(epochs: readonly number[], wanted: number): number {
  const candidates = epochs.filter((epoch) => (epoch === 0) === (wanted === 0));
  const [nearest] = candidates.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted) || a - b);
  if (nearest === undefined || Math.abs(nearest - wanted) > Math.max(1, wanted / 2)) {
    throw new NotMeasured(`epoch ${wanted} was not measured${nearest === undefined ? '' : `; the nearest is ${nearest}`}`);
  }
  return nearest;
}

function measuredEpochs(run: HasGeometry): number[] {
  hiddenLayers(run);
  const epochs = [...new Set(run.geometry.flatMap(({ measure, epoch }) => (measure === 'capacity' && epoch !== null ? [epoch] : [])))];
  if (epochs.length === 0) throw new NotMeasured('the epochs of the geometry are not known');
  return epochs;
}

/** The row that has a value; says what is missing. */
function rowOf(geometry: readonly GeometryRow[], { set, measure, layer, epoch }: { set: string; measure: string; layer: string; epoch: number }): GeometryRow {
  const ofSet = geometry.filter((row) => row.set === set);
  if (ofSet.length === 0) throw new NotMeasured(`the geometry has no ${set} examples`);
  const row = ofSet.find((candidate) => candidate.measure === measure && candidate.layer === layer && candidate.epoch === epoch);
  if (row === undefined) throw new NotMeasured(`the ${measure} of ${set} in ${layer} was not measured at epoch ${epoch}`);
  if (row.value === null || !Number.isFinite(row.value)) throw new NotMeasured(`the ${measure} of ${set} in ${layer} at epoch ${epoch} has no value${row.note === '' ? '' : ` (${row.note.replace(/\.$/, '')})`}`);
  return row;
}
