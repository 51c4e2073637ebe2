/** Points of several manifolds, one point per row. */
export type LabeledPoints = {
  /** Row-major, shape `shape`, finite. Not modified. */
  readonly data: Float32Array | Float64Array;
  /** (points, features). */
  readonly shape: readonly [number, number];
  /** Manifold of each row; any integers. */
  readonly manifoldOf: ArrayLike<number>;
  /** Names for messages, by manifold. */
  readonly manifoldNames?: { readonly [manifold: number]: string };
};

/**
 * Sorts rows by manifold.
 *
 * @returns the manifolds in ascending order, and their rows.
 * @throws RangeError if sizes disagree, a value is not finite, or there are fewer than 2 manifolds.
 */
export function groupByManifold(points: LabeledPoints, caller: string): { manifold: number; rows: Int32Array }[] {
  const { data, shape: [count, features], manifoldOf } = points;
  if (!(features >= 1) || data.length !== count * features) {
    throw new RangeError(`${caller}: data must have points x features = ${count} x ${features} elements; got ${data.length}.`);
  }
  if (manifoldOf.length !== count) throw new RangeError(`${caller}: manifoldOf must have one entry for each of the ${count} points; got ${manifoldOf.length}.`);
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i]!)) {
      throw new RangeError(`${caller}: data must be finite; point ${Math.floor(i / features)}, feature ${i % features} is ${data[i]}. Did training diverge?`);
    }
  }
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < count; row++) {
    const manifold = manifoldOf[row]!;
    if (!Number.isInteger(manifold)) throw new RangeError(`${caller}: manifoldOf must hold integers; point ${row} has ${manifold}.`);
    const rows = rowsOf.get(manifold);
    if (rows) rows.push(row);
    else rowsOf.set(manifold, [row]);
  }
  if (rowsOf.size < 2) throw new RangeError(`${caller}: there must be at least 2 manifolds; got ${rowsOf.size}.`);
  return [...rowsOf].sort(([a], [b]) => a - b).map(([manifold, rows]) => ({ manifold, rows: Int32Array.from(rows) }));
}
