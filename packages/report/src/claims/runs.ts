import type { GeometryRow, GradientsRow, HistoryRow, RewindingRow } from '@memgeo/artifacts';
import { gatherGeometry, type Coordinates, type TableOfPoint as TablePoint } from '../rows/gather.js';
import { seedLabels, withoutAxes } from '../rows/seed-labels.js';

export type { TablePoint };

/** What claims are judged on: tables over points that differ in epoch, seed and width only. */
export type ClaimTables = {
  readonly history: readonly TablePoint<HistoryRow>[];
  readonly geometry?: readonly TablePoint<GeometryRow>[] | undefined;
  readonly rewinding?: readonly TablePoint<RewindingRow>[] | undefined;
  readonly gradients?: readonly TablePoint<GradientsRow>[] | undefined;
};

/** The rows of one network. */
type Tables = { readonly history: readonly HistoryRow[]; readonly geometry: readonly GeometryRow[]; readonly rewinding: readonly RewindingRow[]; readonly gradients: readonly GradientsRow[] };

/** What was measured under one seed: a network, and perhaps others like it of several widths. */
export type Run = Tables & {
  readonly seed: string;
  /** By width, ascending. */
  readonly sweep: readonly (Tables & { readonly width: number })[];
};

const freeAxes = ['epoch', 'seed', 'width'];
const names = ['history', 'geometry', 'rewinding', 'gradients'] as const;

/** Columns that tell rows of a table apart. */
const keys: { readonly [N in (typeof names)[number]]: readonly string[] } = {
  history: ['epoch', 'set'],
  geometry: ['epoch', 'layer', 'set', 'measure'],
  rewinding: ['variant', 'layer', 'layers', 'epoch', 'finalEpoch', 'batchNorm', 'weights', 'readout', 'set', 'measure'],
  gradients: ['epoch', 'layer', 'set', 'measure'],
};

type Point = { readonly name: (typeof names)[number]; readonly coordinates: Coordinates; readonly rows: readonly object[] };

/**
 * Sorts tables into runs by seed; their order does not matter.
 *
 * Points with a coordinate `width` form a sweep of widths. They are the network of the run as well if there is one width
 * only and no point without. Points without a seed belong to the only seed there is. Axes that label the seed count as part of it.
 *
 * @throws RangeError if points differ in another coordinate, if some have a seed and others none where there are several, or if
 * two tables tell of the same thing.
 */
export function collectRuns(tables: ClaimTables): Run[] {
  const labels = labelsOfSeeds(tables);
  const points = names.flatMap((name) => (tables[name] ?? []).map(({ coordinates, rows }): Point => ({
    name, coordinates: withoutAxes(coordinates, labels), rows: name === 'geometry' ? gatherGeometry([{ coordinates, rows: rows as readonly GeometryRow[] }]).rows : rows,
  })));
  requireFreeAxes(points);
  const seeds = [...new Set(points.flatMap(({ coordinates }) => (coordinates.seed === undefined ? [] : [String(coordinates.seed)])))].sort(byNumber);
  const unseeded = points.find(({ coordinates }) => coordinates.seed === undefined);
  if (unseeded !== undefined && seeds.length > 1) throw new RangeError(`${unseeded.name} must have a seed as the other tables do; it has none, and there are seeds ${seeds.join(', ')}. Give all points, as in ${unseeded.name}[*].`);
  return (seeds.length === 0 ? [''] : seeds).map((seed) => collectRun(seed, points.filter(({ coordinates }) => coordinates.seed === undefined || String(coordinates.seed) === seed)));
}

/** Axes that go one-to-one in step with the seed in all tables. */
export function labelsOfSeeds(tables: ClaimTables): string[] {
  return seedLabels(names.flatMap((name) => (tables[name] ?? []).map(({ coordinates }) => coordinates)));
}

function collectRun(seed: string, points: readonly Point[]): Run {
  const widths = [...new Set(points.flatMap(({ coordinates }) => (coordinates.width === undefined ? [] : [Number(coordinates.width)])))].sort((a, b) => a - b);
  const plain = points.filter(({ coordinates }) => coordinates.width === undefined);
  const own = widths.length === 1 && !plain.some(({ name }) => name === 'history') ? points : plain;
  return { seed, ...joinTables(own, seed), sweep: widths.map((width) => ({ width, ...joinTables(points.filter(({ coordinates }) => coordinates.width !== undefined && Number(coordinates.width) === width), seed) })) };
}

function joinTables(points: readonly Point[], seed: string): Tables {
  const rowsOf = (wanted: Point['name']): never[] => {
    const rows = points.filter(({ name }) => name === wanted).flatMap((point) => point.rows as readonly { readonly [column: string]: unknown }[]);
    const seen = new Set<string>();
    for (const row of rows) {
      const key = JSON.stringify(keys[wanted].map((column) => row[column]));
      if (seen.has(key)) throw new RangeError(`${wanted} must have one row for each ${keys[wanted].join(', ')}; it has two of ${key}${seed === '' ? '' : `, seed ${seed}`}. Give one table for each seed, width and epoch.`);
      seen.add(key);
    }
    return rows as never[];
  };
  return { history: rowsOf('history'), geometry: rowsOf('geometry'), rewinding: rowsOf('rewinding'), gradients: rowsOf('gradients') };
}

function requireFreeAxes(points: readonly Point[]): void {
  const axes = [...new Set(points.flatMap(({ coordinates }) => Object.keys(coordinates)))].filter((axis) => !freeAxes.includes(axis)).sort();
  for (const axis of axes) {
    const values = [...new Set(points.flatMap(({ coordinates }) => (coordinates[axis] === undefined ? [] : [String(coordinates[axis])])))].sort(byNumber);
    if (values.length > 1) throw new RangeError(`points may differ in epoch, seed and width only; they differ in ${axis} (${values.join(', ')}). Select one value, as in history[${axis}=${values[0]}].`);
  }
}

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
