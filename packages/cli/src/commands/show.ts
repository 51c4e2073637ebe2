import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isTensorFile, listNpzTensors, manifestName, readManifest, readTableFile, readTensor, readTensorSet, rowLength, splitMember, type ArtifactManifest, type Tensor } from '@memgeo/artifacts';
import { nearest, outputDigests, Store } from '@memgeo/pipeline';
import { UserError } from '../user-error.js';
import type { StoreOption } from './store-option.js';

const shownRows = 8;

/** Shows what an artifact is: kind, schema, shape, first rows, and which action made it. */
export async function show(name: string, options: StoreOption): Promise<number> {
  const lines = existsSync(splitMember(name).path) ? await describePath(name) : await describeStored(name, await Store.open(options.store));
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

async function describePath(path: string): Promise<string[]> {
  if (path.endsWith('.parquet')) {
    const rows = await readTableFile(path);
    if (rows.length > 0) return describeRows(rows);
  }
  if (isTensorFile(path)) {
    const layers = path.endsWith('.npz') ? await listNpzTensors(path) : [];
    const lines: string[] = [];
    for (const part of layers.length > 1 ? layers.map((layer) => `${path}#${layer}`) : [path]) lines.push(...describeTensor(await readTensor(part, { schema: '' })));
    return lines;
  }
  if (!existsSync(join(path, manifestName))) throw new UserError(`${path} is no artifact: it has no ${manifestName}. Name an artifact folder, an .arrow, .parquet, .npy or .npz file, or a digest from the store.`);
  return describeArtifact(path, await readManifest(path));
}

async function describeStored(name: string, store: Store): Promise<string[]> {
  const records = await store.records();
  // A point, as in geometry[epoch=4], with the output after a dot; or the beginning of a digest.
  const newest = [...records].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  const named = newest.flatMap((record) => Object.entries(record.outputs).flatMap(([output, content]) => 'digest' in content
    ? [{ names: [`${record.point}.${output}`, ...(Object.keys(record.outputs).length === 1 ? [record.point] : [])], digest: content.digest, record }]
    : Object.entries(content.members).map(([member, digest]) => ({ names: [`${record.point}.${output}/${member}`], digest, record }))));
  const found = named.find((entry) => entry.names.includes(name) || (name.length >= 6 && entry.digest.replace('sha256:', '').startsWith(name.replace('sha256:', ''))));
  if (!found) throw new UserError(`There is no artifact "${name}" here or in the store.${nearest(name, [...new Set(named.flatMap(({ names }) => names))].slice(0, 40))}`);
  const { digest, record } = found;
  const uses = records.filter((other) => other.upstream.includes(record.key)).map(({ point }) => point);
  return [
    ...await describeArtifact(store.objectFolder(digest), await store.readManifest(digest)),
    `made by   ${record.point} (${record.action.stage}) on ${record.startedAt}, in ${(record.durationMs / 1000).toFixed(1)} s, key ${record.key.slice(0, 12)}`,
    `with      ${JSON.stringify(record.action.params)}`,
    `used by   ${[...new Set(uses)].join(', ') || 'nothing'}`,
    `also in   ${records.filter((other) => other !== record && outputDigests(other).includes(digest)).map(({ point }) => point).join(', ') || 'no other action'}`,
  ];
}

async function describeArtifact(folder: string, manifest: ArtifactManifest): Promise<string[]> {
  const head = [`path      ${folder}`, `kind      ${manifest.kind}, schema ${manifest.schema}`, `digest    ${manifest.digest}`, `size      ${manifest.bytes} bytes in ${manifest.files.length} files`];
  if (manifest.kind === 'tensor') return [...head, ...describeTensor(await readTensor(folder, { schema: manifest.schema }))];
  if (manifest.kind === 'table') return [...head, ...describeRows(await readTableFile(join(folder, manifest.files[0]!.path)))];
  if (manifest.kind === 'tensor-set') {
    const { tensors, metadata } = await readTensorSet(folder, { schema: manifest.schema });
    return [...head, `metadata  ${shorten(JSON.stringify(metadata))}`, ...[...tensors].map(([name, { shape }]) => `  ${name} (${shape.join(', ')})`)];
  }
  return [...head, ...manifest.files.map(({ path, bytes }) => `  ${path} ${bytes}`)];
}

function describeTensor({ data, shape, rows, metadata }: Tensor): string[] {
  const width = rowLength(shape);
  const columns = Object.entries(rows);
  const lines = [`shape     (${shape.join(', ')}) ${data.BYTES_PER_ELEMENT === 1 ? 'uint8' : 'float32'}`, `metadata  ${shorten(JSON.stringify(metadata))}`];
  for (let row = 0; row < Math.min(shownRows, shape[0]!); row++) {
    const values = Array.from(data.subarray(row * width, row * width + Math.min(6, width)), (value) => String(Number(value.toPrecision(4))));
    lines.push(`  ${columns.map(([name, column]) => `${name}=${column[row]}`).join(' ')} [${values.join(', ')}${width > 6 ? ', ...' : ''}]`);
  }
  return lines;
}

/** The number of rows, and the first of them as aligned text. */
export function describeRows(rows: readonly { readonly [column: string]: unknown }[], shown = shownRows): string[] {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.slice(0, shown).map((row) => columns.map((column) => format(row[column])))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)));
  return [`rows      ${rows.length}`, ...cells.map((line) => `  ${line.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')}`.trimEnd())];
}

function format(value: unknown): string {
  if (value === null || value === undefined) return '-';
  return shorten(typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(5) : String(value), 28);
}

function shorten(text: string, length = 400): string {
  return text.length > length ? `${text.slice(0, length - 3)}...` : text;
}
