import { toCsv } from '../../src/index.js';

/** A reader of its own, by RFC 4180. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (const match of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))([,\n])/g)) {
    record.push(match[1] === undefined ? match[2]! : match[1].replaceAll('""', '"'));
    if (match[3] === '\n') {
      records.push(record);
      record = [];
    }
  }
  return records;
}

test('every double and every text survives a round trip', () => {
  const rows = [
    { value: 0.1 + 0.2, text: 'plain' }, { value: -0, text: 'a,"b"\nc' }, { value: 5e-324, text: 'Größe ≥ 2/M' },
    { value: Number.NaN, text: '' }, { value: Number.NEGATIVE_INFINITY, text: '\r\n' }, { value: null, text: ' ' },
  ];
  const [header, ...records] = parseCsv(toCsv(['value', 'text'], rows));
  expect(header).toEqual(['value', 'text']);
  expect(records.map(([value, text]) => ({ value: value === '' ? null : Number(value), text }))).toEqual(rows);
});

test('a table without rows has its header', () => {
  expect(toCsv(['a', 'b'], [])).toBe('a,b\n');
});
