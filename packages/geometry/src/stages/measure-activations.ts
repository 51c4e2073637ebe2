import { activationsSchema, geometryTable, readTensor, rowLength, writeTable, type GeometryRow, type Json, type RowColumn, type Tensor } from '@memgeo/artifacts';
import { gatherRows, randomStream } from '@memgeo/numerics';
import { asStageError, StageError, type StageContext } from '@memgeo/stage';
import { manifoldGeometry, type ManifoldGeometry } from '../mftma/manifold-geometry.js';
import type { LowRank } from '../mftma/low-rank.js';

type Params = { margin: number; gaussianVectors: number; lowRank: LowRank; restarts: number; seed: number };
type Context = Pick<StageContext, 'progress' | 'warn' | 'outputs'> & { readonly params: Params; readonly inputs: { readonly activations: { readonly [layer: string]: string } } };

/** Name of the one set of activations that do not say to which set each row belongs. */
const onlySet = 'all';

/** Measures each set of each layer, and writes one table. */
export async function measureActivations({ params, inputs, outputs, progress, warn }: Context): Promise<{ analyses: number }> {
  const layers = Object.entries(inputs.activations);
  const rows: GeometryRow[] = [];
  const placesOf = new Map<string, string[]>();
  let analyses = 0;
  for (const [index, [name, path]] of layers.entries()) {
    const tensor = await readTensor(path, { schema: activationsSchema });
    const sets = splitBySet(tensor, path);
    for (const [done, { set, ...points }] of sets.entries()) {
      const layer = textOr(tensor.metadata.layer, name);
      const random = randomStream(params.seed, 'geometry/mftma', layer);
      const { seed: _, ...options } = params;
      const report = (p: number, count: number) => progress(index + (done + p / count) / sets.length, layers.length, `${layer}, ${set}`);
      const geometry = await asStageError(`geometry/mftma: ${layer}, ${set}`, [RangeError], () => manifoldGeometry(points, { ...options, random, onProgress: report }));
      rows.push(...tidyRows(geometry, { layer, set, epoch: integerOrNull(tensor.metadata.epoch), layerIndex: integerOrNull(tensor.metadata.layerIndex) }));
      analyses++;
      for (const warning of geometry.diagnostics.warnings) placesOf.set(warning, [...(placesOf.get(warning) ?? []), `${layer}, ${set}`]);
    }
  }
  for (const [warning, places] of placesOf) warn(`${warning} (${places.length === analyses && analyses > 1 ? 'all layers and sets' : places.join('; ')})`);
  await writeTable(outputs.geometry!, geometryTable, rows);
  return { analyses };
}

/** The rows of each set as points of manifolds, in order of appearance. */
function splitBySet(tensor: Tensor, path: string) {
  const { manifold, set } = tensor.rows;
  if (manifold === undefined) {
    const present = Object.keys(tensor.rows);
    throw new StageError(`geometry/mftma: ${path} must have a column "manifold" that gives the class of each row; it has ${present.length === 0 ? 'none' : present.join(', ')}.`);
  }
  if (tensor.data instanceof Uint8Array) throw new StageError(`geometry/mftma: ${path} must hold float32 values; it holds uint8.`);
  const features = rowLength(tensor.shape);
  const { numbers, names } = numberManifolds(manifold, tensor.metadata.classNames);
  const rowsOf = new Map<string, number[]>();
  for (let row = 0; row < tensor.shape[0]!; row++) {
    const key = set === undefined ? onlySet : String(set[row]);
    const rows = rowsOf.get(key);
    if (rows) rows.push(row);
    else rowsOf.set(key, [row]);
  }
  return [...rowsOf].map(([name, rows]) => {
    const data = gatherRows(tensor.data as Float32Array, features, rows);
    return { set: name, data, shape: [rows.length, features] as const, manifoldOf: Int32Array.from(rows, (row) => numbers[row]!), manifoldNames: names };
  });
}

/** Manifolds as integers: as they are, or numbered by the sorted names. */
function numberManifolds(manifold: RowColumn, classNames: Json | undefined): { numbers: ArrayLike<number>; names: { [manifold: number]: string } } {
  if (ArrayBuffer.isView(manifold)) return { numbers: manifold, names: Array.isArray(classNames) ? Object.fromEntries(classNames.map((name, i) => [i, String(name)])) : {} };
  const sorted = [...new Set(manifold)].sort();
  const numberOf = new Map(sorted.map((name, i) => [name, i]));
  return { numbers: manifold.map((name) => numberOf.get(name)!), names: Object.fromEntries(sorted.entries()) };
}

function tidyRows(geometry: ManifoldGeometry, where: Pick<GeometryRow, 'layer' | 'set' | 'epoch' | 'layerIndex'>): GeometryRow[] {
  const { capacity, radius, dimension, dimensionPrx, centerCorrelation, centerRank } = geometry;
  const measures = { capacity, radius, dimension, dimensionPrx, centerCorrelation, centerRank: { value: centerRank, standardError: Number.NaN } };
  return Object.entries(measures).map(([measure, { value, standardError }]) => ({
    ...where,
    measure,
    value,
    standardError: Number.isNaN(standardError) ? null : standardError,
    manifolds: geometry.manifoldCount,
    pointsPerManifold: geometry.pointsPerManifold,
    ambientDimension: geometry.ambientDimension,
    note: geometry.diagnostics.warnings.join(' '),
  }));
}

const textOr = (value: Json | undefined, fallback: string): string => (typeof value === 'string' ? value : fallback);
const integerOrNull = (value: Json | undefined): number | null => (Number.isInteger(value) ? (value as number) : null);
