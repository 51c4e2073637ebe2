import { open } from 'node:fs/promises';
import { ArtifactError } from '../artifact-error.js';
import type { RowColumn } from '../tensor/tensor.js';
import { readCsvRecords } from './csv-records.js';
import { csvText } from './csv-values.js';

const writtenRows = 10_000;
const wholeNumber = /^[+-]?\d{1,10}$/;

/** Writes the columns that describe the rows of a tensor as a CSV file with a header, a line per row. */
export async function writeRowsCsv(path: string, rows: { readonly [column: string]: RowColumn }): Promise<void> {
  const columns = Object.values(rows);
  const count = columns[0]?.length ?? 0;
  const file = await open(path, 'wx');
  try {
    await file.writeFile(`${Object.keys(rows).map(csvText).join(',')}\n`);
    for (let first = 0; first < count; first += writtenRows) {
      let text = '';
      for (let row = first; row < Math.min(first + writtenRows, count); row++) text += `${columns.map((column) => csvText(column[row])).join(',')}\n`;
      await file.writeFile(text);
    }
  } finally {
    await file.close();
  }
}

/**
 * Reads columns for the rows of a tensor from a CSV file with a header. A column is numbers if each of its fields is a whole number of
 * 32 bits without quotes, else text.
 *
 * @throws ArtifactError that names the file, and the line, if it is no CSV, has a column twice, or lines of different length.
 */
export async function readRowsCsv(path: string): Promise<{ [column: string]: RowColumn }> {
  const refuse = (message: string): never => { throw new ArtifactError(`readRowsCsv: ${path}${message}`, { path }); };
  let names: string[] | undefined;
  const columns: { texts: string[]; areNumbers: boolean }[] = [];
  for await (const { line, fields } of readCsvRecords(path)) {
    if (!names) {
      names = fields.map(({ text }) => text);
      if (new Set(names).size < names.length) refuse(', line 1: each column must be named once.');
      for (const _ of names) columns.push({ texts: [], areNumbers: true });
      continue;
    }
    if (fields.length !== names.length) refuse(`, line ${line}: a line must have ${names.length} fields, as the header has; this one has ${fields.length}.`);
    fields.forEach(({ text, isQuoted }, index) => {
      const column = columns[index]!;
      column.texts.push(text);
      column.areNumbers &&= !isQuoted && wholeNumber.test(text) && Math.abs(Number(text)) <= 0x7fffffff;
    });
  }
  if (!names) refuse(' must begin with a line that names the columns; it is empty.');
  return Object.fromEntries(names!.map((name, index) => [name, columns[index]!.areNumbers ? Int32Array.from(columns[index]!.texts, Number) : columns[index]!.texts]));
}
