import type { PhasesRow } from '@memgeo/artifacts';
import { sortLayers } from '../rows/gather.js';

/**
 * Says which phases of learning the loss of reconstruction goes through, and where none is seen.
 *
 * @param rows  Rows of a phases table.
 * @returns sentences for a caption; empty if there are no rows.
 */
export function describePhases(rows: readonly PhasesRow[]): string {
  if (rows.length === 0) return '';
  const places = sortLayers(rows).flatMap((layer) => [...new Set(rows.filter((row) => row.layer === layer).map((row) => row.set))].map((set) => ({ layer, set, phases: rows.filter((row) => row.layer === layer && row.set === set) })));
  const seen = places.filter(({ phases }) => phases.some((row) => row.phase !== 'none'));
  if (seen.length === 0 && rows.every((row) => row.note.startsWith('No phases:'))) return rows[0]!.note;
  if (seen.length === 0) return `No phases seen: in none of ${places.length} layers and sets does the loss of reconstruction change more than its error allows.`;
  const several = new Set(places.map(({ set }) => set)).size > 1;
  const words = seen.map(({ layer, set, phases }) => `${layer}${several ? `, ${set}` : ''}: ${phases.filter((row) => row.phase !== 'none').map((row) => `${row.phase} ${row.fromEpoch}–${row.toEpoch}`).join(', ')}`);
  const none = places.length - seen.length;
  return `Phases of the loss, 1 - R squared, by epoch: ${words.join('; ')}.${none > 0 ? ` No phases seen in ${none} of ${places.length} layers and sets.` : ''}`;
}
