import { ParquetEnvelopeReader, ParquetReader } from 'parquetjs';
import { ArtifactError } from '../artifact-error.js';
import { openRegularFile } from '../files/regular-file.js';
import { readFully } from '../tensor/byte-source.js';
import { boundParquetCodecs } from './bounded-codecs.js';
import { checkParquetLayout } from './parquet-layout.js';

export type ParquetRow = { readonly [column: string]: unknown };

/**
 * Reads the rows of a Parquet file, after checking that it can be what it says.
 *
 * @returns names of the columns, and the rows in their order.
 * @throws ArtifactError if it is no whole Parquet file.
 */
export async function readParquetRows(path: string): Promise<{ columns: string[]; rows: ParquetRow[] }> {
  const file = await openRegularFile(path);
  try {
    const { size } = await file.stat();
    const rowCount = await checkParquetLayout(file, path);
    boundParquetCodecs();
    const read = async (position: number, bytes: number): Promise<Buffer> => {
      const buffer = Buffer.alloc(bytes);
      await readFully(file, buffer, { position, name: path });
      return buffer;
    };
    const reader = await ParquetReader.openEnvelopeReader(new ParquetEnvelopeReader(read, () => undefined, size));
    const cursor = reader.getCursor();
    const rows: ParquetRow[] = [];
    for (let row = (await cursor.next()) as ParquetRow | null | undefined; row !== null; row = (await cursor.next()) as typeof row) {
      if (row === undefined) throw new RangeError(`row ${rows.length} is missing`);
      rows.push(row);
    }
    if (rows.length !== rowCount) throw new RangeError(`it holds ${rows.length} rows, and says ${rowCount}`);
    return { columns: Object.keys(reader.schema.schema), rows };
  } catch (cause) {
    if (cause instanceof ArtifactError) throw cause;
    throw new ArtifactError(`${path} must be a whole Parquet file; ${cause instanceof Error ? cause.message : String(cause)}.`, { path, cause });
  } finally {
    await file.close();
  }
}
