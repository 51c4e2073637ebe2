import { ArtifactError } from '../artifact-error.js';
import { readParquetRows } from '../parquet/parquet-rows.js';
import { sharedValues } from './shared-values.js';
import { tensorFault, type RowColumn, type Tensor } from './tensor.js';

/**
 * Reads a tensor from a Parquet file that another program wrote.
 *
 * The one column of lists of numbers gives the values, as float32; columns of text or of whole numbers that fit 32 bits become
 * row columns; others are passed over.
 *
 * @throws ArtifactError if the file is no Parquet file, has no such column, or its lists differ in length.
 */
export async function readParquetTensor(path: string): Promise<Tensor> {
  const columns = await readColumns(path);
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
  const data = sharedValues('float32', items.length * width, { path });
  items.forEach((item, row) => data.set(item, row * width));
  const rows: { [column: string]: RowColumn } = {};
  for (const [column, values] of columns) {
    if (values.every((value) => typeof value === 'string')) rows[column] = values as string[];
    else if (values.every((value) => Number.isInteger(value) && Math.abs(value as number) <= 0x7fffffff)) rows[column] = Int32Array.from(values as number[]);
  }
  const tensor: Tensor = { data, shape: [items.length, width], rows, metadata: {} };
  const fault = tensorFault(tensor);
  if (fault !== undefined) throw new ArtifactError(`readParquetTensor: ${path}: ${fault}`, { path });
  return tensor;
}

async function readColumns(path: string): Promise<Map<string, unknown[]>> {
  const { columns, rows } = await readParquetRows(path);
  return new Map(columns.map((name) => [name, rows.map(({ [name]: value }) => (typeof value === 'bigint' ? Number(value) : value))]));
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
