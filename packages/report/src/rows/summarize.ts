import type { GeometryRow } from '@memgeo/artifacts';

/** One measurement as it is drawn: a mean over repeats and its uncertainty. */
export type Measurement = {
  readonly epoch: number | null;
  readonly layer: string;
  readonly layerIndex: number | null;
  readonly set: string;
  readonly measure: string;
  readonly value: number | null;
  /** Of a single measurement its standard error; of repeats their standard deviation. Null if unknown. */
  readonly spread: number | null;
  /** How many repeats (seeds) the value averages. */
  readonly repeats: number;
  readonly manifolds: number;
  readonly pointsPerManifold: number;
};

/**
 * Averages rows that differ in nothing but the seed or another axis of the matrix.
 *
 * One row keeps its value and standard error. Of several, `value` is the mean of those that have one and `spread`
 * their standard deviation (n - 1), which shows how much the repeats differ.
 *
 * @param rows  Gathered rows; their order is kept.
 */
export function summarizeRepeats(rows: readonly GeometryRow[]): Measurement[] {
  const groups = new Map<string, GeometryRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.epoch, row.layer, row.set, row.measure]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].map(summarize);
}

function summarize(group: readonly GeometryRow[]): Measurement {
  const first = group[0]!;
  const usable = group.filter((row) => row.value !== null && Number.isFinite(row.value));
  const values = usable.map((row) => row.value!);
  const mean = values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    epoch: first.epoch,
    layer: first.layer,
    layerIndex: first.layerIndex,
    set: first.set,
    measure: first.measure,
    value: mean,
    spread: values.length > 1 ? standardDeviation(values, mean!) : finite(usable[0]?.standardError),
    repeats: values.length,
    manifolds: first.manifolds,
    pointsPerManifold: Math.min(...group.map((row) => row.pointsPerManifold)),
  };
}

function standardDeviation(values: readonly number[], mean: number): number {
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

function finite(value: number | null | undefined): number | null {
  return value === undefined || value === null || !Number.isFinite(value) ? null : value;
}
