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

/** A manifold and the rows of its points. */
export type ManifoldRows = { readonly manifold: number; readonly rows: Int32Array };

/**
 * Sorts rows by manifold.
 *
 * @param options.fewest  Fewest manifolds there must be. Default 2.
 * @returns the manifolds in ascending order, and their rows.
 * @throws RangeError if sizes disagree, a value is not finite, or there are too few manifolds.
 */
export function groupByManifold(points: LabeledPoints, caller: string, options: { fewest?: number } = {}): ManifoldRows[] {
  const groups = groupRows(points, caller, options);
  requireFinite(points, caller);
  return groups;
}

/** Does what {@link groupByManifold} does, and leaves it to the caller to look for values that are not finite. */
export function groupRows({ data, shape: [count, features], manifoldOf }: LabeledPoints, caller: string, { fewest = 2 }: { fewest?: number } = {}): ManifoldRows[] {
  if (!(features >= 1) || data.length !== count * features) {
    throw new RangeError(`${caller}: data must have points x features = ${count} x ${features} elements; got ${data.length}.`);
  }
  if (manifoldOf.length !== count) throw new RangeError(`${caller}: manifoldOf must have one entry for each of the ${count} points; got ${manifoldOf.length}.`);
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < count; row++) {
    const manifold = manifoldOf[row]!;
    if (!Number.isInteger(manifold)) throw new RangeError(`${caller}: manifoldOf must hold integers; point ${row} has ${manifold}.`);
    const rows = rowsOf.get(manifold);
    if (rows) rows.push(row);
    else rowsOf.set(manifold, [row]);
  }
  if (rowsOf.size < fewest) throw new RangeError(`${caller}: there must be at least ${fewest} manifolds; got ${rowsOf.size}.`);
  return [...rowsOf].sort(([a], [b]) => a - b).map(([manifold, rows]) => ({ manifold, rows: Int32Array.from(rows) }));
}

/** @throws RangeError that names the first value that is not finite. */
export function requireFinite({ data, shape: [, features] }: LabeledPoints, caller: string): void {
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i]!)) {
      throw new RangeError(`${caller}: data must be finite; point ${Math.floor(i / features)}, feature ${i % features} is ${data[i]}. Did training diverge?`);
    }
  }
}
