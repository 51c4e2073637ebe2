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

test('a text that a spreadsheet would run as a formula is marked as text; numbers stay numbers', () => {
  const texts = ['=1+1', '+cmd', '-x', '@SUM(A1)', '\t=1', '\r=1', '-1.5e-3', '+2', '-Infinity', 'a=1', "'x", ''];
  expect(parseCsv(toCsv(['=a', 'b'], texts.map((text) => ({ '=a': text, b: 0 })))).map(([text]) => text)).toEqual(["'=a", "'=1+1", "'+cmd", "'-x", "'@SUM(A1)", "'\t=1", "'\r=1", '-1.5e-3', '+2', '-Infinity', 'a=1', "'x", '']);
  expect(toCsv(['a'], [{ a: -1 }, { a: Number.NEGATIVE_INFINITY }, { a: -0 }])).toBe('a\n-1\n-Infinity\n-0\n');
});
