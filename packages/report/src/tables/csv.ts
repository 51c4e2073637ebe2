/**
 * Writes rows as CSV (RFC 4180, lines end in LF), with a header.
 *
 * Numbers are written so that they read back as the same double; null is an empty field. Spreadsheets take a text that
 * begins with = + - or @ for a formula and run it: such a text, unless it is a number, gets a ' in front, as they mark text.
 *
 * @param columns  Names of the columns, in order.
 * @param rows  Objects with a value for each column.
 */
export function toCsv(columns: readonly string[], rows: readonly { readonly [column: string]: unknown }[]): string {
  const lines = [columns.map(field), ...rows.map((row) => columns.map((column) => field(row[column])))];
  return lines.map((line) => `${line.join(',')}\n`).join('');
}

function field(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? unarmed(value) : Object.is(value, -0) ? '-0' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Text that no spreadsheet runs. */
function unarmed(text: string): string {
  return /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
}
