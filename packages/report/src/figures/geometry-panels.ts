import type { Measurement } from '../rows/summarize.js';
import { sortSets } from '../rows/sets.js';
import type { ChartPanel, Line } from './figure.js';

/** One line per example set through the measurements that have a value. */
export function linesOf(rows: readonly Measurement[], x: (row: Measurement) => number | string): Line[] {
  return sortSets(rows.map((row) => row.set)).map((set) => ({
    set,
    points: rows.filter((row) => row.set === set && row.value !== null).map((row) => ({
      x: x(row),
      y: row.value!,
      low: row.spread === null ? null : row.value! - row.spread,
      high: row.spread === null ? null : row.value! + row.spread,
    })),
  }));
}

/** The chance level 2/M in a panel of capacities [stephenson2021geometry]; no level for another measure. */
export function chanceLevels(rows: readonly Measurement[], measure: string): ChartPanel['levels'] {
  if (measure !== 'capacity') return [];
  const sizes = [...new Set(rows.map((row) => row.pointsPerManifold))].filter((size) => size > 0).sort((a, b) => a - b);
  return sizes.map((size) => ({ value: 2 / size, label: `chance 2/${size}` }));
}

/** What the bands of some measurements show, in a sentence. */
export function describeBands(rows: readonly Measurement[]): string {
  const repeats = rows.reduce((most, row) => Math.max(most, row.repeats), 0);
  if (repeats > 1) return `Lines are means over ${repeats} repeats, bands their standard deviation.`;
  return rows.some((row) => row.spread !== null) ? 'Bands: one standard error over the class manifolds.' : 'No standard errors are known.';
}
