import { geometryTable, readManifest, rowLength, writeTable, type GeometryRow } from '@memgeo/artifacts';
import { randomStream, type RandomStream } from '@memgeo/numerics';
import { asStageError, type StageContext } from '@memgeo/stage';
import type { LabeledPoints } from '../points/labeled-points.js';
import type { Estimate } from '../statistics/estimate.js';
import { readActivationLayer, type ActivationLayer, type ActivationSet } from './activation-layers.js';

/** A number for the table: what is known of its errors, and what concerns it alone. */
export type MeasuredValue = Estimate & { readonly interval?: readonly [lower: number, upper: number]; readonly samplingError?: number; readonly note?: string };

/** What was measured of the points of one set in one layer. */
export type SetMeasurement = {
  /** Values by name of the measure; `note` says what concerns this one alone. */
  readonly measures: { readonly [measure: string]: MeasuredValue };
  /** What a reader should know before trusting any of them. */
  readonly warnings: readonly string[];
  readonly manifoldCount: number;
  readonly pointsPerManifold: number;
  readonly ambientDimension: number;
};

type Context = Pick<StageContext, 'progress' | 'log' | 'warn' | 'outputs' | 'threads'> & {
  readonly params: { readonly seed?: number };
  readonly inputs: { readonly activations: { readonly [layer: string]: string } };
};

/** How large a set is. */
export type SetSize = { readonly manifolds: number; readonly pointsPerManifold: number; readonly features: number };

/** Shorter work is not worth a line. */
const leastAnnouncedSeconds = 5;

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
 * @param options.estimateSeconds  How long a set will take; long work is then announced before it begins.
 */
export async function measureEachSet(
  { params, inputs, outputs, threads, progress, log, warn }: Context,
  { stage, measure, estimateSeconds }: { stage: string; measure: (work: SetWork) => SetMeasurement; estimateSeconds?: (size: SetSize) => number },
): Promise<{ analyses: number }> {
  const layers = Object.entries(inputs.activations);
  const rows: GeometryRow[] = [];
  const places = new Map<string, string[]>();
  let analyses = 0;
  for (const [index, [name, path]] of layers.entries()) {
    const activations = await readActivationLayer(name, path, stage);
    const { layer, sets } = activations;
    if (index === 0 && estimateSeconds) await announce(sets, layers.map(([, where]) => where), { threads, log, estimateSeconds });
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

/** Says how long it will take, if that is long; every layer is taken to have the sets of the first. */
async function announce(
  sets: readonly ActivationSet[], paths: readonly string[], { threads, log, estimateSeconds }: { threads: number; log: (message: string) => void; estimateSeconds: (size: SetSize) => number },
): Promise<void> {
  let seconds = 0;
  for (const path of paths) {
    const features = await featuresOf(path);
    for (const { points } of sets) {
      const manifolds = new Set(Array.from(points.manifoldOf)).size;
      seconds += estimateSeconds({ manifolds, pointsPerManifold: Math.ceil(points.shape[0] / manifolds), features: features ?? points.shape[1] });
    }
  }
  if (seconds < leastAnnouncedSeconds) return;
  const analyses = paths.length * sets.length;
  const time = seconds < 90 ? `${Math.round(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
  log(`${analyses} ${analyses === 1 ? 'analysis' : 'analyses'}, about ${time} on ${threads} ${threads === 1 ? 'core' : 'cores'}`);
}

/** Features of a layer, told by the manifest of its artifact; undefined for a file of another program. */
async function featuresOf(path: string): Promise<number | undefined> {
  const shape = await readManifest(path).then(({ summary }) => summary.shape, () => undefined);
  return Array.isArray(shape) ? rowLength(shape as number[]) : undefined;
}

/** One row per measure. A value that is not a number becomes null, and the note says why. */
export function tidyRows(
  { measures, warnings, manifoldCount, pointsPerManifold, ambientDimension }: SetMeasurement, { layer, layerIndex, epoch, set }: Omit<ActivationLayer, 'sets'> & { readonly set: string },
): GeometryRow[] {
  return Object.entries(measures).map(([measure, { value, standardError, interval, samplingError, note }]) => ({
    epoch,
    layer,
    layerIndex,
    set,
    measure,
    value: finiteOrNull(value),
    standardError: finiteOrNull(standardError),
    lower: finiteOrNull(interval?.[0]),
    upper: finiteOrNull(interval?.[1]),
    samplingError: finiteOrNull(samplingError),
    manifolds: manifoldCount,
    pointsPerManifold,
    ambientDimension,
    note: [...(note ? [note] : []), ...warnings].join(' '),
  }));
}

const finiteOrNull = (value: number | undefined): number | null => (value !== undefined && Number.isFinite(value) ? value : null);
