import { join } from 'node:path';
import { readTableFile, readTensor, readTensorSet, rowLength, type ArtifactManifest, type Json, type Tensor } from '@memgeo/artifacts';
import { formatBytes } from '../../printing/amounts.js';
import type { Page } from '../../printing/page.js';
import { shorten } from '../../printing/params-text.js';
import { describeRows, shownRows, type Row } from './rows.js';

/** The beginning of what an artifact holds, as programs get it. */
export type Content =
  | { readonly kind: 'tensor'; readonly shape: readonly number[]; readonly dtype: 'uint8' | 'float32'; readonly metadata: { readonly [name: string]: Json }; readonly firstRows: readonly { readonly columns: Row; readonly values: readonly number[] }[] }
  | { readonly kind: 'tensor-set'; readonly metadata: { readonly [name: string]: Json }; readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[] }
  | { readonly kind: 'table'; readonly rows: number; readonly firstRows: readonly Row[] }
  | { readonly kind: 'folder'; readonly files: readonly { readonly path: string; readonly bytes: number }[] };

const shownValues = 6;
const shownFiles = 40;

/** @throws ArtifactError if it is damaged. */
export async function contentOfArtifact(folder: string, { kind, schema, files }: ArtifactManifest): Promise<Content> {
  if (kind === 'tensor') return contentOfTensor(await readTensor(folder, { schema }));
  if (kind === 'table') return contentOfTable(await readTableFile(join(folder, files[0]!.path)));
  if (kind === 'folder') return { kind, files: files.map(({ path, bytes }) => ({ path, bytes })) };
  const { tensors, metadata } = await readTensorSet(folder, { schema });
  return { kind, metadata, tensors: [...tensors].map(([name, { shape }]) => ({ name, shape })) };
}

export function contentOfTable(rows: readonly Row[]): Content {
  return { kind: 'table', rows: rows.length, firstRows: rows.slice(0, shownRows) };
}

export function contentOfTensor({ data, shape, rows, metadata }: Tensor): Content {
  const width = rowLength(shape);
  const firstRows = Array.from({ length: Math.min(shownRows, shape[0]!) }, (_, row) => ({
    columns: Object.fromEntries(Object.entries(rows).map(([name, column]) => [name, column[row]])), values: Array.from(data.subarray(row * width, row * width + Math.min(shownValues, width))),
  }));
  return { kind: 'tensor', shape, dtype: data.BYTES_PER_ELEMENT === 1 ? 'uint8' : 'float32', metadata: metadata as { readonly [name: string]: Json }, firstRows };
}

export function describeContent(content: Content, page: Page): void {
  switch (content.kind) {
    case 'tensor': {
      page.fact('shape', `(${content.shape.join(', ')}) ${content.dtype}`).fact('metadata', shorten(JSON.stringify(content.metadata), 400));
      const isMore = content.shape.slice(1).reduce((product, size) => product * size, 1) > shownValues;
      for (const { columns, values } of content.firstRows) {
        const place = Object.entries(columns).map(([name, value]) => `${name}=${String(value)}`).join(' ');
        page.line(`${place}${place === '' ? '' : ' '}[${values.map((value) => String(Number(value.toPrecision(4)))).join(', ')}${isMore ? ', ...' : ''}]`, 2);
      }
      break;
    }
    case 'tensor-set':
      page.fact('metadata', shorten(JSON.stringify(content.metadata), 400));
      for (const { name, shape } of content.tensors) page.line(`${name} (${shape.join(', ')})`, 2);
      break;
    case 'table':
      page.block(describeRows(content.firstRows, shownRows, page.width).with(0, `rows      ${content.rows}`));
      break;
    case 'folder':
      for (const { path, bytes } of content.files.slice(0, shownFiles)) page.line(`${path}  ${formatBytes(bytes)}`, 2);
      if (content.files.length > shownFiles) page.line(`... and ${content.files.length - shownFiles} more files`, 2);
  }
}
