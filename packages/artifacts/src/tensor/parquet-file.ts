import { ParquetReader } from 'parquetjs';
import { ArtifactError } from '../artifact-error.js';
import { validateTensor, type RowColumn, type Tensor } from './tensor.js';

/**
 * Reads a tensor from a Parquet file that another program wrote.
 *
 * The one column of lists of numbers gives the values, as float32; columns of text or of whole numbers that fit 32 bits become
 * row columns; others are passed over.
 *
 * @throws ArtifactError if the file is no Parquet file, has no such column, or its lists differ in length.
 */
export async function readParquetTensor(path: string): Promise<Tensor> {
  const columns = await readColumns(path).catch((cause: unknown) => {
    throw new ArtifactError(`readParquetTensor: ${path} must be a whole Parquet file; ${cause instanceof Error ? cause.message : String(cause)}.`, { path, cause });
  });
  const lists = [...columns].flatMap(([name, values]) => {
    const items = values.map(listItems);
    return items.length > 0 && items.every((item) => item !== undefined) ? [{ name, items: items as number[][] }] : [];
  });
  if (lists.length !== 1) {
    throw new ArtifactError(`readParquetTensor: ${path} must have exactly one column of lists of numbers; it has ${lists.length} (columns: ${[...columns.keys()].join(', ')}).`, { path });
  }
  const { name, items } = lists[0]!;
  const width = items[0]!.length;
  const odd = items.findIndex((item) => item.length !== width);
  if (odd >= 0) throw new ArtifactError(`readParquetTensor: the lists of column "${name}" of ${path} must have one length; row 0 has ${width} items, row ${odd} has ${items[odd]!.length}.`, { path });
  const data = new Float32Array(items.length * width);
  items.forEach((item, row) => data.set(item, row * width));
  const rows: { [column: string]: RowColumn } = {};
  for (const [column, values] of columns) {
    if (values.every((value) => typeof value === 'string')) rows[column] = values as string[];
    else if (values.every((value) => Number.isInteger(value) && Math.abs(value as number) <= 0x7fffffff)) rows[column] = Int32Array.from(values as number[]);
  }
  const tensor: Tensor = { data, shape: [items.length, width], rows, metadata: {} };
  validateTensor(tensor, `readParquetTensor: ${path}`);
  return tensor;
}

async function readColumns(path: string): Promise<Map<string, unknown[]>> {
  const reader = await ParquetReader.openFile(path);
  try {
    const columns = new Map<string, unknown[]>(Object.keys(reader.schema.schema).map((name) => [name, []]));
    const cursor = reader.getCursor();
    for (;;) {
      const row = (await cursor.next()) as { [name: string]: unknown } | null;
      if (!row) return columns;
      for (const [name, values] of columns) {
        const value = row[name];
        values.push(typeof value === 'bigint' ? Number(value) : value);
      }
    }
  } finally {
    await reader.close();
  }
}

/** The items of a list as Parquet nests them: a plain repeated field, or `list` of `element` (older writers: `item`). */
function listItems(value: unknown): number[] | undefined {
  const items = Array.isArray(value) ? value : (value as { list?: unknown } | null | undefined)?.list;
  if (!Array.isArray(items)) return undefined;
  const numbers = items.map((item: unknown) => {
    const inner = typeof item === 'object' && item !== null ? Object.values(item)[0] : item;
    return typeof inner === 'bigint' ? Number(inner) : inner;
  });
  return numbers.every((number) => typeof number === 'number') ? (numbers as number[]) : undefined;
}
