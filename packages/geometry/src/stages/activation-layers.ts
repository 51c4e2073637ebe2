import { activationsSchema, readTensor, rowLength, type Json, type RowColumn } from '@memgeo/artifacts';
import { gatherRows } from '@memgeo/numerics';
import { StageError } from '@memgeo/stage';
import type { LabeledPoints } from '../points/labeled-points.js';

/** The points of one example set in one layer. */
export type ActivationSet = {
  readonly set: string;
  /** Float32, shape (points, features), with the manifold of each point. */
  readonly points: LabeledPoints & { readonly data: Float32Array };
  /** The example behind each point; undefined if the activations do not say. */
  readonly exampleIds: Int32Array | undefined;
};

/** The activations of one layer at one epoch. */
export type ActivationLayer = { readonly layer: string; readonly layerIndex: number | null; readonly epoch: number | null; readonly sets: readonly ActivationSet[] };

/** Name of the one set of activations that do not say to which set each row belongs. */
const onlySet = 'all';

/**
 * Reads the activations of a layer and parts them by example set, in order of appearance.
 *
 * A set whose rows stand together, as `activations/extract` writes them, is a view and no copy.
 *
 * @param name  Name of the layer where the file has none.
 * @param path  Artifact folder, or a file that another program wrote.
 * @throws StageError that begins with `caller` if there is no column `manifold` or the values are not float32.
 */
export async function readActivationLayer(name: string, path: string, caller: string): Promise<ActivationLayer> {
  const tensor = await readTensor(path, { schema: activationsSchema });
  const { manifold, set, exampleId } = tensor.rows;
  if (manifold === undefined) {
    const present = Object.keys(tensor.rows);
    throw new StageError(`${caller}: ${path} must have a column "manifold" that gives the class of each row; it has ${present.length === 0 ? 'none' : present.join(', ')}. Add it, or give the classes of the rows by memgeo stage run --labels FILE (.npy, .npz, .csv or .txt).`);
  }
  if (tensor.data instanceof Uint8Array) throw new StageError(`${caller}: ${path} must hold float32 values; it holds uint8.`);
  const data = tensor.data as Float32Array;
  const features = rowLength(tensor.shape);
  const { numbers, names } = numberManifolds(manifold, tensor.metadata.classNames);
  const ids = ArrayBuffer.isView(exampleId) ? exampleId : undefined;
  const rowsOf = new Map<string, number[]>();
  for (let row = 0; row < tensor.shape[0]!; row++) {
    const key = set === undefined ? onlySet : String(set[row]);
    const rows = rowsOf.get(key);
    if (rows) rows.push(row);
    else rowsOf.set(key, [row]);
  }
  const sets = [...rowsOf].map(([key, rows]): ActivationSet => {
    const first = rows[0]!;
    const isTogether = rows.at(-1)! - first === rows.length - 1;
    return {
      set: key,
      points: {
        data: isTogether ? data.subarray(first * features, (first + rows.length) * features) : gatherRows(data, features, rows),
        shape: [rows.length, features],
        manifoldOf: Int32Array.from(rows, (row) => numbers[row]!),
        manifoldNames: names,
      },
      exampleIds: ids && Int32Array.from(rows, (row) => ids[row]!),
    };
  });
  const { layer, layerIndex, epoch } = tensor.metadata;
  return { layer: typeof layer === 'string' ? layer : name, layerIndex: integerOrNull(layerIndex), epoch: Number.isFinite(epoch) ? (epoch as number) : null, sets };
}

/** Manifolds as integers: as they are, or numbered by the sorted names. */
function numberManifolds(manifold: RowColumn, classNames: Json | undefined): { numbers: ArrayLike<number>; names: { [manifold: number]: string } } {
  if (ArrayBuffer.isView(manifold)) return { numbers: manifold, names: Array.isArray(classNames) ? Object.fromEntries(classNames.map((name, i) => [i, String(name)])) : {} };
  const sorted = [...new Set(manifold)].sort();
  const numberOf = new Map(sorted.map((name, i) => [name, i]));
  return { numbers: manifold.map((name) => numberOf.get(name)!), names: Object.fromEntries(sorted.entries()) };
}

const integerOrNull = (value: Json | undefined): number | null => (Number.isInteger(value) ? (value as number) : null);
