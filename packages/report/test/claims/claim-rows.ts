import type { ClaimsRow, GeometryRow, GradientsRow, HistoryRow, RewindingRow } from '@memgeo/artifacts';
import type { ClaimTables, TablePoint } from '../../src/claims/runs.js';
import { quickstartGeometry, quickstartHistory } from '../quickstart-rows.js';

/** Layers with weights of the network that the rows are of. */
const groups = ['conv1', 'conv2', 'conv3', 'conv4', 'conv5', 'conv6', 'dense1', 'output'];

/** The tables of one run like the quickstart's, with a part replaced. */
export function runTables(changes: Partial<{ history: HistoryRow[]; geometry: GeometryRow[]; rewinding: RewindingRow[]; gradients: GradientsRow[] }> = {}, coordinates: { [axis: string]: string | number } = {}): ClaimTables {
  const point = <R>(rows: readonly R[]): TablePoint<R>[] => [{ coordinates, rows }];
  return {
    history: point(changes.history ?? quickstartHistory()),
    geometry: point(changes.geometry ?? [0, 1, 4, 15, 30].flatMap(quickstartGeometry)),
    rewinding: point(changes.rewinding ?? rewindingRows()),
    gradients: point(changes.gradients ?? gradientRows()),
  };
}

/** Puts the tables of several runs together, one seed each. */
export function withSeeds(runs: readonly ClaimTables[]): ClaimTables {
  const join = <R>(pick: (tables: ClaimTables) => readonly TablePoint<R>[] | undefined): TablePoint<R>[] =>
    runs.flatMap((tables, seed) => (pick(tables) ?? []).map(({ coordinates, rows }) => ({ coordinates: { ...coordinates, seed }, rows })));
  return { history: join((tables) => tables.history), geometry: join((tables) => tables.geometry), rewinding: join((tables) => tables.rewinding), gradients: join((tables) => tables.gradients) };
}

/** Tails of 1 to 4 layers set back to epoch 4, with restoration and permuted accuracy. */
export function rewindingRows(restoration: readonly number[] = [0.15, 0.46, 0.74, 0.88], permuted: readonly number[] = [0.85, 0.22, 0.08, 0.05], { standardError = 0.03, layers = groups }: { standardError?: number | null; layers?: readonly string[] } = {}): RewindingRow[] {
  return restoration.flatMap((restored, i) => {
    const tail = layers.slice(layers.length - 1 - i);
    const what = { variant: 'tail', layer: tail[0]!, layerIndex: layers.length - i, layers: tail.join(', '), epoch: 4, finalEpoch: 30, batchNorm: 'reestimated', weights: 'stored', readout: 'stored', note: '' };
    return [
      { ...what, set: 'test', measure: 'restoration', value: restored, standardError, examples: 1800 },
      { ...what, set: 'permuted', measure: 'accuracy', value: permuted[i]!, standardError: 0.005, examples: 1440 },
      // The same with the final statistics: a collapse that must not be taken for the result.
      { ...what, batchNorm: 'kept', set: 'test', measure: 'restoration', value: -1, standardError, examples: 1800 },
      { ...what, batchNorm: 'kept', set: 'permuted', measure: 'accuracy', value: 0.9, standardError: 0.005, examples: 1440 },
    ];
  });
}

/** Ratios of the label-dependent gradient by epoch, the same in all layers, and alignments before training. */
export function gradientRows(ratios: { readonly [epoch: number]: number } = { 0: 0.5, 1: 0.15, 2: 0.18, 30: 0.7 }, { restored = 4, permuted = 1, standardError = 0.02 }: { restored?: number; permuted?: number; standardError?: number | null } = {}): GradientsRow[] {
  const row = (epoch: number, index: number | null, set: string, measure: string, value: number, error: number | null): GradientsRow => ({
    epoch, layer: index === null ? '(all layers)' : groups[index]!, layerIndex: index === null ? null : index + 1, set, measure, value, standardError: error, examples: 1440, parameters: 100, note: '',
  });
  return [
    ...Object.entries(ratios).flatMap(([epoch, ratio]) => groups.map((_, index) => row(Number(epoch), index, 'permuted', 'labelDependentRatio', ratio, standardError))),
    row(0, null, 'permuted', 'labelDependentNormUnbiased', 0.1, 0.1),
    row(0, null, 'restored', 'alignment', restored, 0.2),
    row(0, null, 'permuted', 'alignment', permuted, 0.1),
  ];
}

/** A sweep of widths of a network with one hidden layer: final test accuracy, radius and dimension by width. */
export function sweepTables(widths: { readonly [width: number]: readonly [test: number, radius: number, dimension: number] }, coordinates: { [axis: string]: string | number } = {}): ClaimTables {
  const points = Object.entries(widths).map(([width, values]) => ({ width: Number(width), values }));
  return {
    history: points.map(({ width, values: [accuracy] }) => ({ coordinates: { ...coordinates, width }, rows: [0, 80].map((epoch) => ({ epoch, set: 'test', examples: 1800, loss: 1, accuracy: epoch === 0 ? 0.03 : accuracy, learningRate: 0.04 })) })),
    geometry: points.map(({ width, values: [, radius, dimension] }) => ({
      coordinates: { ...coordinates, width, epoch: 80 },
      rows: Object.entries({ capacity: 0.2, radius, dimension }).map(([measure, value]) => ({
        epoch: 80, layer: 'dense1.relu', layerIndex: 1, set: 'test', measure, value, standardError: 0.01 * value, lower: null, upper: null, samplingError: null, manifolds: 36, pointsPerManifold: 40, ambientDimension: width, note: '',
      })),
    })),
  };
}

/** A double descent as measured. */
export const descent = { 8: [0.763, 1, 5], 16: [0.79, 1, 5], 32: [0.731, 1, 5], 48: [0.685, 1, 5], 64: [0.7, 1.08, 8.9], 128: [0.746, 1.06, 9.9], 256: [0.784, 1.08, 10.6], 512: [0.804, 1.1, 11.5] } as const;

/** History with the accuracies of some sets and epochs changed. */
export function historyWith(change: (row: HistoryRow) => number | undefined): HistoryRow[] {
  return quickstartHistory().map((row) => ({ ...row, accuracy: change(row) ?? row.accuracy }));
}

/** Verdicts by criterion. */
export function verdictsOf(rows: readonly ClaimsRow[], claim?: string): { [criterion: string]: string } {
  return Object.fromEntries(rows.filter((row) => claim === undefined || row.claim === claim).map(({ criterion, verdict }) => [criterion, verdict]));
}

/** The row of a criterion. */
export function rowOf(rows: readonly ClaimsRow[], criterion: string): ClaimsRow {
  return rows.find((row) => row.criterion === criterion)!;
}
