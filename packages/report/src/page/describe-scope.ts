import type { GeometryRow, HistoryRow } from '@memgeo/artifacts';
import { sortLayers, type Coordinates, type Gathered } from '../rows/gather.js';
import { seedLabels } from '../rows/seed-labels.js';

/** Says in a sentence or two what the rows of a report cover. */
export function describeScope(history: Gathered<HistoryRow>, geometry: Gathered<GeometryRow>): string {
  const parts = [history.rows.length === 0 ? 'No history of accuracies.' : `Accuracies at ${plural(new Set(history.rows.map((row) => row.epoch)).size, 'epoch')}, ${range(history.rows.map((row) => row.epoch))}${over(history)}.`];
  const { rows } = geometry;
  if (rows.length > 0) {
    parts.push(`Geometry of ${plural(sortLayers(rows).length, 'layer')} at ${plural(new Set(rows.map((row) => row.epoch)).size, 'epoch')}, with ${range(rows.map((row) => row.manifolds))} class manifolds of ${range(rows.map((row) => row.pointsPerManifold))} points in ${range(rows.map((row) => row.ambientDimension))} features${over(geometry)}.`);
  }
  return parts.join(' ');
}

/** The axes that tell runs apart, with their values; a seed stands with its labels. */
function over({ rows, axes }: Gathered<object>): string {
  const labels = seedLabels(rows.map(({ coordinates }) => coordinates));
  const valueOf = (coordinates: Coordinates, axis: string): string => {
    const words = axis === 'seed' && coordinates.seed !== undefined ? labels.map((label) => `${label} ${coordinates[label]}`) : [];
    return `${coordinates[axis]}${words.length === 0 ? '' : ` (${words.join(', ')})`}`;
  };
  const valuesOf = (axis: string): string[] => [...new Set(rows.map(({ coordinates }) => valueOf(coordinates, axis)))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const varied = axes.filter((axis) => !labels.includes(axis)).map((axis) => ({ axis, values: valuesOf(axis) })).filter(({ values }) => values.length > 1);
  return varied.length === 0 ? '' : `, over ${varied.map(({ axis, values }) => `${axis} ${values.join(', ')}`).join(' and ')}`;
}

function range(values: readonly number[]): string {
  const [lowest, highest] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  return lowest === highest ? String(lowest) : `${lowest} to ${highest}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
