import type { GeometryRow } from '@memgeo/artifacts';

/** A remark that a geometry stage left on rows, and where. */
export type Note = {
  readonly text: string;
  /** Whether the rows have no value because of it. */
  readonly isMissing: boolean;
  readonly count: number;
  /** The first row it stands on, in words. */
  readonly first: string;
};

/** Collects the notes of rows and the rows without a value, each text once, missing values first. */
export function collectNotes(rows: readonly GeometryRow[]): Note[] {
  const notes = new Map<string, { text: string; isMissing: boolean; count: number; first: string }>();
  for (const row of rows) {
    const isMissing = row.value === null || !Number.isFinite(row.value);
    if (!isMissing && row.note === '') continue;
    const text = row.note === '' ? 'no value and no reason given' : row.note;
    const known = notes.get(`${isMissing}:${text}`);
    if (known === undefined) notes.set(`${isMissing}:${text}`, { text, isMissing, count: 1, first: describeRow(row) });
    else known.count++;
  }
  return [...notes.values()].sort((a, b) => Number(b.isMissing) - Number(a.isMissing));
}

function describeRow(row: GeometryRow): string {
  return `${row.measure} of ${row.set} in ${row.layer}, ${row.epoch === null ? 'epoch unknown' : `epoch ${row.epoch}`}`;
}
