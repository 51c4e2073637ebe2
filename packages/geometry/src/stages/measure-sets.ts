import { geometryTable, writeTable, type GeometryRow } from '@memgeo/artifacts';
import { randomStream, type RandomStream } from '@memgeo/numerics';
import { asStageError, type StageContext } from '@memgeo/stage';
import type { LabeledPoints } from '../points/labeled-points.js';
import type { Estimate } from '../statistics/estimate.js';
import { readActivationLayer, type ActivationLayer } from './activation-layers.js';

/** What was measured of the points of one set in one layer. */
export type SetMeasurement = {
  /** Values by name of the measure; `note` says what concerns this one alone. */
  readonly measures: { readonly [measure: string]: Estimate & { readonly note?: string } };
  /** What a reader should know before trusting any of them. */
  readonly warnings: readonly string[];
  readonly manifoldCount: number;
  readonly pointsPerManifold: number;
  readonly ambientDimension: number;
};

type Context = Pick<StageContext, 'progress' | 'warn' | 'outputs'> & {
  readonly params: { readonly seed?: number };
  readonly inputs: { readonly activations: { readonly [layer: string]: string } };
};

/** One set of one layer, for a measure to work on. */
export type SetWork = {
  readonly points: LabeledPoints & { readonly data: Float32Array };
  /** Of this stage and layer; the same for every set, so that sets differ only by their points. */
  readonly random: RandomStream;
  readonly onProgress: (done: number, total: number) => void;
};

/**
 * Measures each set of each layer by itself, one layer in memory at a time, and writes the tidy table `geometry`.
 *
 * @param options.stage  Id of the stage, for messages and the stream of randomness.
 * @param options.measure  May throw a RangeError for what a user can mend; it is told with layer and set.
 */
export async function measureEachSet(
  { params, inputs, outputs, progress, warn }: Context, { stage, measure }: { stage: string; measure: (work: SetWork) => SetMeasurement },
): Promise<{ analyses: number }> {
  const layers = Object.entries(inputs.activations);
  const rows: GeometryRow[] = [];
  const places = new Map<string, string[]>();
  let analyses = 0;
  for (const [index, [name, path]] of layers.entries()) {
    const activations = await readActivationLayer(name, path, stage);
    const { layer, sets } = activations;
    for (const [done, { set, points }] of sets.entries()) {
      const onProgress = (part: number, whole: number) => progress(index + (done + part / whole) / sets.length, layers.length, `${layer}, ${set}`);
      const measured = await asStageError(`${stage}: ${layer}, ${set}`, [RangeError], () => measure({ points, random: randomStream(params.seed ?? 1, stage, layer), onProgress }));
      onProgress(1, 1);
      rows.push(...tidyRows(measured, { ...activations, set }));
      analyses++;
      for (const warning of measured.warnings) places.set(warning, [...(places.get(warning) ?? []), `${layer}, ${set}`]);
    }
  }
  for (const [warning, where] of places) warn(`${warning} (${where.length === analyses && analyses > 1 ? 'all layers and sets' : where.join('; ')})`);
  await writeTable(outputs.geometry!, geometryTable, rows);
  return { analyses };
}

/** One row per measure. A value that is not a number becomes null, and the note says why. */
export function tidyRows(
  { measures, warnings, manifoldCount, pointsPerManifold, ambientDimension }: SetMeasurement, { layer, layerIndex, epoch, set }: Omit<ActivationLayer, 'sets'> & { readonly set: string },
): GeometryRow[] {
  return Object.entries(measures).map(([measure, { value, standardError, note }]) => ({
    epoch,
    layer,
    layerIndex,
    set,
    measure,
    value: Number.isFinite(value) ? value : null,
    standardError: Number.isFinite(standardError) ? standardError : null,
    manifolds: manifoldCount,
    pointsPerManifold,
    ambientDimension,
    note: [...(note ? [note] : []), ...warnings].join(' '),
  }));
}
