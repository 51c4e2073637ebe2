import { examplesSchema, geometryTable, phasesTable, readTensor, rowLength, writeTable, type GeometryRow, type PhasesRow } from '@memgeo/artifacts';
import { gatherRows, randomStream } from '@memgeo/numerics';
import { asStageError, StageError, type InputPoint, type StageContext } from '@memgeo/stage';
import { groupByManifold } from '../points/labeled-points.js';
import { decodingTargets, type DecodingTargets } from '../reconstruction/input-directions.js';
import { learningPhases, type LossAt } from '../reconstruction/learning-phases.js';
import { reconstructLayer, type DecodedSet } from '../reconstruction/reconstruct-layer.js';
import { epochOf, nameLayerAt, refuseRepeated } from './activation-epochs.js';
import { readActivationLayer, type ActivationLayer, type ActivationSet } from './activation-layers.js';
import { tidyRows } from './measure-sets.js';

type Params = { readonly maxExamples: number; readonly featureLimit: number; readonly inputDirections: number; readonly falsePositiveRate: number; readonly seed: number };
type Context = Pick<StageContext, 'progress' | 'log'> & {
  readonly params: Params;
  readonly inputs: { readonly activations: readonly InputPoint<{ readonly [layer: string]: string }>[]; readonly data: { readonly examples: string } };
  readonly outputs: { readonly geometry: string; readonly phases: string };
};

const stage = 'geometry/reconstruction';

/** Decodes the input from each layer at each epoch, one in memory at a time, and writes the tables `geometry` and `phases`. */
export async function measureReconstruction({ params, inputs, outputs, progress, log }: Context): Promise<{ analyses: number; phases: number }> {
  const { inputDirections, falsePositiveRate, seed } = params;
  const targets = await readTargets(inputs.data.examples, { directions: inputDirections, seed });
  const files = inputs.activations.flatMap(({ coordinates, location }, position) => Object.entries(location).map(([name, path]) => ({ name, path, coordinates, position })));
  const rows: GeometryRow[] = [];
  const names: string[] = [];
  let isRestoredLeftOut = false;
  for (const [done, { name, path, coordinates, position }] of files.entries()) {
    const activations = await readActivationLayer(name, path, stage);
    const epoch = epochOf(activations.epoch, coordinates, position);
    names.push(nameLayerAt(activations.layer, epoch));
    refuseRepeated(names, stage);
    progress(done, files.length, names.at(-1)!);
    const measured = await asStageError(`${stage}: ${names.at(-1)}`, [RangeError], () => measureLayer({ ...activations, epoch }, targets, params));
    rows.push(...measured.rows);
    isRestoredLeftOut ||= measured.isRestoredLeftOut;
  }
  if (isRestoredLeftOut) log('restored holds the images of permuted, and is not decoded again');
  const phases = findPhases(rows, falsePositiveRate);
  await writeTable(outputs.geometry, geometryTable, rows);
  await writeTable(outputs.phases, phasesTable, phases);
  progress(files.length, files.length, 'phases');
  return { analyses: rows.length, phases: phases.filter(({ phase }) => phase !== 'none').length };
}

async function readTargets(path: string, { directions, seed }: { directions: number; seed: number }): Promise<DecodingTargets> {
  const { data, shape } = await readTensor(path, { schema: examplesSchema });
  return decodingTargets({ data, shape: [shape[0]!, rowLength(shape)] }, { directions, random: randomStream(seed, stage, 'inputs') });
}

function measureLayer(
  activations: ActivationLayer, targets: DecodingTargets, { maxExamples, featureLimit: limit, seed }: Params,
): { rows: GeometryRow[]; isRestoredLeftOut: boolean } {
  const { layer, sets } = activations;
  const chosen = sets.map((own) => chooseExamples(own, { layer, maxExamples, seed }));
  const sizes = new Map(chosen.map(({ set, points }) => [set, groupByManifold(points, 'reconstructLayer', { fewest: 1 }).map(({ rows }) => rows.length)]));
  const found = reconstructLayer(chosen, targets, { limit, random: randomStream(seed, stage, layer) });
  const rows = [...found].flatMap(([set, { r2, samplingError, features, note }]) => {
    const measures = { reconstructionR2: { ...r2, ...(samplingError !== undefined && { samplingError }), note } };
    const size = sizes.get(set)!;
    return tidyRows({ measures, warnings: [], manifoldCount: size.length, pointsPerManifold: Math.min(...size), ambientDimension: features }, { ...activations, set });
  });
  return { rows, isRestoredLeftOut: found.size < sets.length };
}

/** Takes up to `maxExamples` of a set, by their numbers alone, so that files with the same examples give the same ones. */
function chooseExamples({ set, points, exampleIds }: ActivationSet, { layer, maxExamples, seed }: { layer: string; maxExamples: number; seed: number }): DecodedSet {
  if (exampleIds === undefined) throw new StageError(`${stage}: ${layer} must have a column "exampleId" that says which row of the data each row is of; it has none. Add it, whole numbers from 0.`);
  const ids = [...new Set(exampleIds)].sort((a, b) => a - b);
  if (ids.length <= maxExamples) return { set, points, exampleIds };
  const kept = new Set(randomStream(seed, stage, 'examples', set).shuffle(ids).slice(0, maxExamples));
  const rows = [...exampleIds.keys()].filter((row) => kept.has(exampleIds[row]!));
  const features = points.shape[1];
  return {
    set, exampleIds: Int32Array.from(rows, (row) => exampleIds[row]!),
    points: { ...points, data: gatherRows(points.data, features, rows), shape: [rows.length, features], manifoldOf: Int32Array.from(rows, (row) => points.manifoldOf[row]!) },
  };
}

/** The phases of each layer and set, in order of depth and epochs. */
function findPhases(rows: readonly GeometryRow[], falsePositiveRate: number): PhasesRow[] {
  const series = new Map<string, GeometryRow[]>();
  for (const row of [...rows].sort((a, b) => a.epoch! - b.epoch!)) series.set(JSON.stringify([row.layer, row.set]), [...(series.get(JSON.stringify([row.layer, row.set])) ?? []), row]);
  const byDepth = [...series.values()].sort(([a], [b]) => (a!.layerIndex ?? Infinity) - (b!.layerIndex ?? Infinity) || 0);
  return byDepth.flatMap((own): PhasesRow[] => {
    const { layer, layerIndex, set } = own[0]!;
    const losses = own.flatMap(({ epoch, value, standardError }): LossAt[] => (value === null || standardError === null ? [] : [{ epoch: epoch!, value: 1 - value, standardError }]));
    const lacking = own.filter(({ value, standardError }) => value === null || standardError === null).map(({ epoch }) => epoch);
    const gap = lacking.length > 0 ? [`There is no value with an error at epoch ${lacking.join(', ')}.`] : [];
    const phases = learningPhases(losses, { falsePositiveRate });
    if (phases.length > 0) return phases.map((phase) => ({ layer, layerIndex, set, ...phase, note: gap.join(' ') }));
    const reason = losses.length < 2 ? 'No phases: they take two epochs or more.' : 'No phases seen: no change between epochs is clear against its error.';
    return [{ layer, layerIndex, set, phase: 'none', fromEpoch: null, toEpoch: null, change: null, standardError: null, note: [reason, ...gap].join(' ') }];
  });
}
