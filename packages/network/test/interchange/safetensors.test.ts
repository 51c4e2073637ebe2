import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SafetensorsFile, safetensorsBytes, WeightsFileError, type NamedValues, type ReadableFile } from '../../src/index.js';

/** A file in memory, which counts what is read of it. */
function fileOf(bytes: Uint8Array): ReadableFile & { bytesRead: number } {
  const file = {
    bytesRead: 0,
    stat: async () => ({ size: bytes.length }),
    read: async (target: Uint8Array, offset: number, length: number, position: number) => {
      const piece = bytes.subarray(position, position + Math.min(length, 1000));
      target.set(piece, offset);
      file.bytesRead += piece.length;
      return { bytesRead: piece.length };
    },
  };
  return file;
}
const read = (bytes: Uint8Array) => SafetensorsFile.read(fileOf(bytes), { name: 'weights.safetensors' });
const written = (tensors: readonly NamedValues[], options = {}) => Buffer.concat([...safetensorsBytes(tensors, options)]);
/** A file of this header, said as text, and so many bytes of data. */
function fileWith(header: string | Uint8Array, dataBytes = 0): Uint8Array {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(dataBytes)]);
}
const entry = (shape: unknown, offsets: unknown, dtype: unknown = 'F32') => JSON.stringify({ dtype, shape, data_offsets: offsets });

const values = fc.record({ name: fc.oneof(fc.constantFrom('__proto__', 'constructor', 'a.weight', ''), fc.string()).filter((name) => name !== '__metadata__'), shape: fc.array(fc.nat(4), { maxLength: 3 }) })
  .chain(({ name, shape }) => {
    const length = shape.reduce((product, n) => product * n, 1);
    return fc.float32Array({ minLength: length, maxLength: length }).map((data) => ({ name, shape, data }));
  });
const tensorLists = fc.uniqueArray(values, { selector: ({ name }) => name, maxLength: 6 });

describe('a safetensors file', () => {
  test('gives back every bit, name, shape and text that was written, whatever they are', async () => {
    await fc.assert(fc.asyncProperty(tensorLists, fc.dictionary(fc.string(), fc.string()), async (tensors, metadata) => {
      const bytes = written(tensors, { metadata });
      const file = await read(bytes);
      expect([...file.entries.keys()].sort()).toEqual(tensors.map(({ name }) => name).sort());
      expect(new Map([...file.metadata].sort())).toEqual(new Map(Object.entries(metadata).sort()));
      for (const { name, shape, data } of tensors) {
        const back = await file.tensor(name);
        expect(back.shape).toEqual(shape);
        expect(Buffer.from(back.data.buffer)).toEqual(Buffer.from(data.slice().buffer));
      }
      expect((8 + Number(bytes.readBigUInt64LE(0))) % 8).toBe(0);
    }), { seed: 1, numRuns: 100 });
  });

  test('is little-endian, with its header in front', () => {
    const bytes = written([{ name: 'a', shape: [2], data: Float32Array.of(1, -2) }]);
    const length = Number(bytes.readBigUInt64LE(0));
    expect(JSON.parse(bytes.subarray(8, 8 + length).toString())).toEqual({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } });
    expect([bytes.readFloatLE(8 + length), bytes.readFloatLE(12 + length)]).toEqual([1, -2]);
  });

  test.each([
    ['F64', '000000000000f83f000000000000f07f0100000000000000', [1.5, Infinity, 0]],
    ['F16', '003e0000010000fc017e00bcff7b', [1.5, 0, 2 ** -24, -Infinity, NaN, -1, 65504]],
    ['BF16', 'c03f008080bf807f', [1.5, -0, -1, Infinity]],
    ['I64', 'feffffffffffffff0000000000010000', [-2, 2 ** 40]],
    ['F32', '0000c03f', [1.5]],
  ])('of type %s is read as float32', async (dtype, hex, expected) => {
    const data = Buffer.from(hex, 'hex');
    const bytes = Buffer.concat([fileWith(`{"a":${entry([expected.length], [0, data.length], dtype)}}`), data]);
    expect([...(await (await read(bytes)).tensor('a')).data]).toEqual(expected);
  });

  test('is read a tensor at a time', async () => {
    const file = fileOf(written([1, 2, 3].map((n) => ({ name: `t${n}`, shape: [1000, n], data: new Float32Array(1000 * n).fill(n) }))));
    const opened = await SafetensorsFile.read(file, { name: 'w' });
    const header = file.bytesRead;
    expect((await opened.tensor('t2')).data.at(-1)).toBe(2);
    expect(file.bytesRead - header).toBe(8000);
  });

  test('of more than 2 GiB is read where it is asked for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'memgeo-safetensors-'));
    const large = 3 * 2 ** 30;
    const start = fileWith(`{"large":${entry([large / 4], [0, large])},"last":${entry([2], [large, large + 8])}}`);
    await writeFile(join(folder, 'w'), start);
    const handle = await open(join(folder, 'w'), 'r+');
    // A file with a hole: it takes no room on the disk.
    await handle.write(Buffer.from(Float32Array.of(7, 8).buffer), 0, 8, start.length + large);
    expect([...(await (await SafetensorsFile.read(handle, { name: 'w' })).tensor('last')).data]).toEqual([7, 8]);
    await handle.close();
    await rm(folder, { recursive: true });
  });
});

describe('a file that is none is refused:', () => {
  test.each([
    ['nothing in it', Buffer.alloc(0), /it has 0 bytes/],
    ['a zip of PyTorch', Buffer.from('PK\u0003\u0004'.padEnd(40, 'x')), /it is a zip archive, as torch\.save writes\. Save the weights by safetensors\.torch\.save_file/],
    ['a header beyond every bound', Buffer.concat([Buffer.alloc(8, 0xff), Buffer.alloc(8)]), /header should have 18446744073709551615 bytes/],
    ['a header too large', fileWith(Buffer.alloc(5 * 1024 * 1024, ' ')), /a header of 2 to 4194304 bytes; it has 5242880/],
    ['no header', fileWith(''), /a header of 2 to/],
    ['a list for a header', fileWith('[]'), /does not begin with "\{"/],
    ['half a header', fileWith('{"a":'), /header is not JSON/],
    ['no UTF-8', fileWith(Uint8Array.of(0x7b, 0xff, 0x7d)), /not UTF-8/],
    ['a nested header', fileWith(`{"a":${'['.repeat(1e6)}`), /nested too deep/],
    ['quotes without end', fileWith(`{${'"\\'.repeat(1e6)}`), /not JSON/],
    ['a name twice', fileWith(`{"a":${entry([1], [0, 4])},"\\u0061":${entry([1], [0, 4])}}`, 4), /"a" stands in its header twice/],
    ['a shape twice', fileWith('{"a":{"dtype":"F32","shape":[2],"shape":[1],"data_offsets":[0,4]}}', 4), /"shape" stands in its header twice/],
    ['a tensor that is null', fileWith('{"a":null}'), /type of "a" is missing/],
    ['an unknown type', fileWith(`{"a":${entry([1], [0, 4], 'F31')}}`, 4), /type of "a" is "F31"/],
    ['a type that every object has', fileWith(`{"a":${entry([1], [0, 4], 'constructor')}}`, 4), /type of "a" is "constructor"/],
    ['a negative size', fileWith(`{"a":${entry([-1, -1], [0, 4])}}`, 4), /shape of "a" is no list/],
    ['a size that is half', fileWith(`{"a":${entry([0.5, 2], [0, 4])}}`, 4), /shape of "a" is no list/],
    ['a huge shape', fileWith(`{"a":${entry([2 ** 40, 2 ** 40, 0.25 * 2 ** 40], [0, 4])}}`, 4), /takes \d\.\d+e\+\d+ bytes, and its data_offsets span 4/],
    ['a long shape', fileWith(`{"a":${entry(new Array(33).fill(1), [0, 4])}}`, 4), /at most 32 sizes/],
    ['offsets in reverse', fileWith(`{"a":${entry([1], [8, 4])}}`, 8), /span -4/],
    ['offsets beyond the file', fileWith(`{"a":${entry([2], [0, 8])}}`, 4), /"a" ends at byte 8 of the data, of which there are 4: the file is cut short/],
    ['overlapping tensors', fileWith(`{"a":${entry([2], [0, 8])},"b":${entry([2], [4, 12])}}`, 12), /"b" begins at byte 4 of the data, inside/],
    ['a gap between tensors', fileWith(`{"a":${entry([1], [0, 4])},"b":${entry([1], [8, 12])}}`, 12), /bytes 4 to 8 of the data belong to no tensor/],
    ['bytes after the tensors', fileWith(`{"a":${entry([1], [0, 4])}}`, 5), /bytes 4 to 5 of the data belong to no tensor/],
    ['metadata that is no text', fileWith('{"__metadata__":{"a":1}}'), /"a" in its __metadata__ is no text/],
    ['a name that would move the cursor', fileWith('{"\\u001b[2J\\u202e":1}'), /type of "\\u001b\[2J\\u202e" is missing/],
  ])('%s', async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toThrow(WeightsFileError);
    await expect(read(bytes)).rejects.toThrow(message);
  });

  test('a tensor that is not there, or of a type that does not fit', async () => {
    const file = await read(fileWith(`{"a":${entry([4], [0, 4], 'F8_E4M3')}}`, 4));
    await expect(file.tensor('b')).rejects.toThrow(/has no tensor "b"/);
    await expect(file.tensor('a')).rejects.toThrow(/"a" must be of type F32, F16, BF16, F64, I64; it is F8_E4M3\. Convert it/);
  });

  test('a file that has become shorter since it was opened', async () => {
    const bytes = written([{ name: 'a', shape: [4], data: new Float32Array(4) }]);
    const file = { stat: async () => ({ size: bytes.length }), read: fileOf(bytes.subarray(0, bytes.length - 4)).read };
    await expect((await SafetensorsFile.read(file, { name: 'w' })).tensor('a')).rejects.toThrow(/cut short: it ends at byte/);
  });

  test('damage of any kind is an error of ours or leaves a whole file, and takes no memory beyond it', async () => {
    const good = written([{ name: 'a', shape: [2, 3], data: new Float32Array(6) }, { name: 'b', shape: [], data: new Float32Array(1) }], { metadata: { format: 'pt' } });
    const edits = fc.array(fc.oneof(
      fc.record({ at: fc.nat(good.length - 1), byte: fc.nat(255) }),
      fc.record({ at: fc.nat(good.length - 1), text: fc.constantFrom('"', '{', '[', '-', '9', 'e', ',', ':', '\\', '99999999999') }),
    ), { minLength: 1, maxLength: 4 });
    let refused = 0;
    await fc.assert(fc.asyncProperty(edits, fc.nat(good.length), fc.boolean(), async (list, length, isCut) => {
      const bytes = Buffer.from(good);
      for (const edit of list) if ('byte' in edit) bytes[edit.at] = edit.byte; else bytes.write(edit.text, edit.at, 'latin1');
      try {
        const file = await read(isCut ? bytes.subarray(0, length) : bytes);
        let total = 0;
        for (const name of file.entries.keys()) total += (await file.tensor(name)).data.length;
        expect(total).toBeLessThanOrEqual(28);
      } catch (error) {
        expect(error).toBeInstanceOf(WeightsFileError);
        refused++;
      }
    }), { seed: 2, numRuns: 2000 });
    expect(refused).toBeGreaterThan(1000);
  });
});

test('safetensorsBytes() refuses a name twice and a shape that is not that of its data', () => {
  const a = { name: 'a', shape: [1], data: new Float32Array(1) };
  expect(() => written([a, a])).toThrow(/names must differ.*"a"/);
  expect(() => written([{ ...a, name: '__metadata__' }])).toThrow(/not be __metadata__/);
  expect(() => written([{ ...a, shape: [2] }])).toThrow(/"a" must have the values of its shape \(2\); got 1/);
});
