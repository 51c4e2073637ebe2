import type { CsvField } from './csv-records.js';
import type { Column } from './table-schema.js';

/** Quoted although RFC 4180 doesn't ask for it: a byte order mark, which readers drop, and blanks at an end, which some trim. */
const needsQuotes = /[",\r\n\uFEFF]|^\s|\s$/;

/**
 * Writes a value as a CSV field: null as nothing, an empty text as `""`, booleans as `true` and `false`, numbers with the fewest
 * digits that give the same number back, and `nan`, `inf`, `-inf`.
 */
export function csvText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value === '' || needsQuotes.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  if (typeof value !== 'number') return String(value as boolean | bigint);
  if (Number.isNaN(value)) return 'nan';
  if (Math.abs(value) === Infinity) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

const wholeNumber = /^[+-]?\d+$/;
const realNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const words: { readonly [word: string]: number } = { nan: NaN, inf: Infinity, infinity: Infinity };

/**
 * Reads a field as a value of a column's type, the inverse of {@link csvText}. A column of text that may be null takes nothing for
 * null and `""` for the empty text; in any other, both are the same. Case and blanks around numbers and booleans don't count.
 *
 * @returns undefined if it is none.
 */
export function parseCsvValue({ text, isQuoted }: CsvField, { type, isNullable }: Column): unknown {
  if (type === 'string') return text === '' && !isQuoted && isNullable === true ? null : text;
  const word = text.trim().toLowerCase();
  if (word === '') return isNullable === true ? null : undefined;
  switch (type) {
    case 'boolean':
      return word === 'true' ? true : word === 'false' ? false : undefined;
    case 'int32':
      return wholeNumber.test(word) && Math.abs(Number(word)) <= 0x7fffffff ? Number(word) + 0 : undefined;
    case 'int64':
      return parseInt64(word);
    case 'float64':
      return parseFloat64(word);
  }
}

function parseInt64(word: string): bigint | undefined {
  // BigInt takes no plus sign; more than 40 digits are only leading zeros or too large.
  if (!wholeNumber.test(word) || word.length > 40) return undefined;
  const value = BigInt(word.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function parseFloat64(word: string): number | undefined {
  const [, sign, name] = /^([+-]?)([a-z]+)$/.exec(word) ?? [];
  if (name !== undefined) return Object.hasOwn(words, name) ? (sign === '-' ? -1 : 1) * words[name]! : undefined;
  if (!realNumber.test(word)) return undefined;
  // Beyond the range of float64 is an error, not infinity.
  return Number.isFinite(Number(word)) ? Number(word) : undefined;
}
