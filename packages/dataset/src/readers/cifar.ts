import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { checkLabels, DataFileError, type ImageSet, type LabeledImages } from '../images/labeled-images.js';
import { isGzip, readBytes, unpack } from './read-bytes.js';

const [side, pixels] = [32, 32 * 32];
/** CIFAR takes 184 million bytes. */
const maxArchiveBytes = 2 ** 29;
const maxNamesBytes = 2 ** 20;

/** What differs between the two archives. */
type Layout = {
  readonly train: readonly string[];
  readonly test: readonly string[];
  readonly namesFile: string;
  readonly classCount: number;
  /** Bytes before the pixels of a record, and which of them is the label. */
  readonly labelBytes: number;
  readonly labelByte: number;
};

const layouts = {
  cifar10: { train: [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`), test: ['test_batch.bin'], namesFile: 'batches.meta.txt', classCount: 10, labelBytes: 1, labelByte: 0 },
  fine: { train: ['train.bin'], test: ['test.bin'], namesFile: 'fine_label_names.txt', classCount: 100, labelBytes: 2, labelByte: 1 },
  coarse: { train: ['train.bin'], test: ['test.bin'], namesFile: 'coarse_label_names.txt', classCount: 20, labelBytes: 2, labelByte: 0 },
} as const satisfies { [name: string]: Layout };

/**
 * Reads the binary version of CIFAR-10 or CIFAR-100: the folder of its files, or the archive (.tar.gz or .tar).
 *
 * @param labels  For CIFAR-100 the 100 fine or the 20 coarse classes.
 * @returns 32 x 32 images, channels last.
 * @throws DataFileError that names file, offset and expectation.
 */
export async function readCifar(path: string, options: { kind: 'cifar10' | 'cifar100'; labels?: 'fine' | 'coarse' }): Promise<ImageSet> {
  const layout: Layout = options.kind === 'cifar10' ? layouts.cifar10 : layouts[options.labels ?? 'fine'];
  const files = await openFiles(path);
  const take = (name: string) => {
    const file = files.get(name);
    if (!file) throw new DataFileError(`${path} must hold ${name}; it holds ${[...files.keys()].sort().slice(0, 20).join(', ') || 'no files'}. Take the binary version of ${options.kind}.`);
    return file;
  };
  const classNames = (await take(layout.namesFile)()).subarray(0, maxNamesBytes).toString('utf8').split('\n').map((line) => line.trim()).filter(Boolean);
  if (classNames.length !== layout.classCount) throw new DataFileError(`${path}, ${layout.namesFile}: ${layout.classCount} names of classes are expected; got ${classNames.length}.`);
  const read = async (names: readonly string[]) => joinImages(await Promise.all(names.map(async (name) => decodeRecords(await take(name)(), `${path}, ${name}`, layout))));
  return { height: side, width: side, channels: 3, classNames, train: await read(layout.train), test: await read(layout.test) };
}

/** Files by name, read when asked for. */
async function openFiles(path: string): Promise<Map<string, () => Promise<Buffer>>> {
  const information = await stat(path).catch((cause: Error) => { throw new DataFileError(`${path} can't be read: ${cause.message}.`, { cause }); });
  if (information.isDirectory()) return new Map((await readdir(path)).map((name) => [name, () => readBytes(join(path, name), { maxBytes: maxArchiveBytes })]));
  const files = new Map<string, () => Promise<Buffer>>();
  const archive = extract();
  try {
    const bytes = await readBytes(path, { maxBytes: maxArchiveBytes });
    const source = Readable.from([isGzip(bytes) ? unpack(bytes, path, { maxBytes: maxArchiveBytes }) : bytes]);
    source.pipe(archive);
    for await (const entry of archive) {
      if (entry.header.type !== 'file') {
        entry.resume();
        continue;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      const content = Buffer.concat(chunks);
      // Nothing is extracted: of the path only the last name counts, and none may stand for two files.
      const name = basename(entry.header.name);
      if (files.has(name)) throw new DataFileError(`${path} must hold each file once; it holds ${name} twice.`);
      files.set(name, () => Promise.resolve(content));
    }
  } catch (cause) {
    if (cause instanceof DataFileError) throw cause;
    throw new DataFileError(`${path} must be a whole tar archive; ${(cause as Error).message}.`, { cause });
  }
  return files;
}

function decodeRecords(bytes: Buffer, place: string, { labelBytes, labelByte, classCount }: Layout): LabeledImages {
  const recordBytes = labelBytes + 3 * pixels;
  const count = Math.floor(bytes.length / recordBytes);
  if (count === 0 || bytes.length !== count * recordBytes) {
    throw new DataFileError(`${place}, offset ${count * recordBytes}: a record of ${recordBytes} bytes is expected; ${bytes.length - count * recordBytes} are left. Is the file cut short?`);
  }
  const data = new Uint8Array(count * 3 * pixels);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const start = i * recordBytes;
    labels[i] = bytes[start + labelByte]!;
    // Red, green and blue planes to channels last.
    for (let c = 0; c < 3; c++) for (let p = 0; p < pixels; p++) data[(i * pixels + p) * 3 + c] = bytes[start + labelBytes + c * pixels + p]!;
  }
  checkLabels(labels, classCount, (i) => `${place}, offset ${i * recordBytes + labelByte}`);
  return { data, labels };
}

function joinImages(parts: readonly LabeledImages[]): LabeledImages {
  if (parts.length === 1) return parts[0]!;
  return {
    data: Uint8Array.from(Buffer.concat(parts.map((part) => part.data as Uint8Array))),
    labels: Int32Array.from(parts.flatMap((part) => [...part.labels])),
  };
}
