import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readLabels, readNpyTensor, readTensor } from '../../src/index.js';
import { npyFile, npyHeader } from './numpy-files.js';

const golden = join(import.meta.dirname, '../golden/npy');
const { arrays } = JSON.parse(readFileSync(join(golden, 'expected.json'), 'utf8')) as { arrays: { [name: string]: { shape: number[]; values: (number | string | boolean)[] } } };
const isColumn = (name: string): boolean => /names|labels/.test(name);

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-npy-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

async function write(bytes: Buffer): Promise<string> {
  const path = join(folder, 'x.npy');
  await writeFile(path, bytes);
  return path;
}

test.each(Object.keys(arrays).filter((name) => !isColumn(name)))('%s.npy of NumPy is read as the float32 values that NumPy says, in C order', async (name) => {
  const { data, shape, rows, metadata } = await readTensor(join(golden, `${name}.npy`), { schema: 'any' });
  expect({ shape, rows, metadata }).toEqual({ shape: arrays[name]!.shape, rows: {}, metadata: {} });
  expect(data).toEqual(Float32Array.from(arrays[name]!.values, Number));
  expect(data.buffer).toBeInstanceOf(SharedArrayBuffer);
});

test.each(Object.keys(arrays).filter(isColumn))('%s.npy of NumPy is read as labels', async (name) => {
  const { values } = arrays[name]!;
  expect(await readLabels(join(golden, `${name}.npy`))).toEqual(typeof values[0] === 'string' ? values : Int32Array.from(values, Number));
});

test.each([
  ['object', /has dtype \|O: Python objects, which only pickle can read\. Save it with a numeric dtype/],
  ['record', /holds records \(a structured dtype\)/],
  ['complex', /complex numbers/],
  ['date', /must be bool, an integer of up to 8 bytes, float16, float32, float64 or text/],
  ['bytes', /raw bytes, as bfloat16 is saved\. Convert it first/],
])('an array of dtype %s is refused with the reason', async (name, message) => {
  await expect(name === 'object' || name === 'record' ? readLabels(join(golden, `refused-${name}.npy`)) : readNpyTensor(join(golden, `refused-${name}.npy`))).rejects.toThrow(message);
});

test.each([
  ['<f8', Float64Array.of(1, 2, 3, 4, 5, -1e39), 'row 1, feature 2 is -1e+39'],
  ['<i4', Int32Array.of(1, 16_777_217, 0, 0, 0, 0), 'row 0, feature 1 is 16777217'],
  ['<i8', BigInt64Array.of(0n, 0n, 0n, 0n, 9_007_199_254_740_993n, 0n), 'row 1, feature 1 is 9007199254740993'],
  ['<u8', BigUint64Array.of(0n, 0n, 0n, 18_446_744_073_709_551_615n, 0n, 0n), 'row 1, feature 0 is 18446744073709551615'],
])('a value of dtype %s that float32 can not hold is refused with row and feature', async (descr, values, place) => {
  await expect(readNpyTensor(await write(npyFile(values, npyHeader(descr, [2, 3]))))).rejects.toThrow(place);
});

test('in Fortran order a value is named by its row and feature too', async () => {
  const path = await write(npyFile(Float64Array.of(0, 0, 0, 1e300, 0, 0), npyHeader('<f8', [2, 3], true)));
  await expect(readNpyTensor(path)).rejects.toThrow('row 1, feature 1 is 1e+300');
});

test('infinity and NaN are kept as they are, and fractions are rounded to float32', async () => {
  const path = await write(npyFile(Float64Array.of(Infinity, -Infinity, NaN, 0.1, 1e-60, 2 ** -149), npyHeader('<f8', [2, 3])));
  expect((await readNpyTensor(path)).data).toEqual(Float32Array.of(Infinity, -Infinity, NaN, Math.fround(0.1), 0, 2 ** -149));
});

test('every half-precision number is read as its value', async () => {
  const halves = Uint16Array.from({ length: 65_536 }, (_, i) => i);
  const { data } = await readNpyTensor(await write(npyFile(halves, npyHeader('<f2', [256, 256]))));
  // By the definition of binary16, from the text of its bits.
  const expected = Array.from(halves, (half) => {
    const bits = half.toString(2).padStart(16, '0');
    const [exponent, fraction] = [parseInt(bits.slice(1, 6), 2), parseInt(bits.slice(6), 2)];
    const size = exponent === 31 ? (fraction ? NaN : Infinity) : exponent === 0 ? 2 ** -14 * (fraction / 1024) : 2 ** (exponent - 15) * (1 + fraction / 1024);
    return bits[0] === '1' ? -size : size;
  });
  expect(data).toEqual(Float32Array.from(expected));
});

test('an array of several pieces, in both orders and byte orders, is read as a small one is', async () => {
  // float64 passes through pieces of 1,048,576 values.
  const [rows, columns] = [1_100, 1_003];
  const value = (row: number, column: number): number => (row * 31 + column * 7) % 8191;
  const expected = Float32Array.from({ length: rows * columns }, (_, i) => value(Math.floor(i / columns), i % columns));
  const little = Float64Array.from(expected);
  const fortran = Float64Array.from({ length: rows * columns }, (_, i) => value(i % rows, Math.floor(i / rows)));
  const isSame = async (path: string): Promise<boolean> => Buffer.compare(Buffer.from((await readNpyTensor(path)).data.buffer), Buffer.from(expected.buffer)) === 0;
  expect(await isSame(await write(npyFile(little, npyHeader('<f8', [rows, columns]))))).toBe(true);
  expect(await isSame(await write(npyFile(fortran, npyHeader('<f8', [rows, columns], true))))).toBe(true);
  expect(await isSame(await write(npyFile(Buffer.from(fortran.buffer).swap64(), npyHeader('>f8', [rows, columns], true))))).toBe(true);
});

test('Fortran order is C order with the axes turned round, for any shape', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 5 }), async (shape) => {
    const count = shape.reduce((product, n) => product * n, 1);
    const { data } = await readNpyTensor(await write(npyFile(Float32Array.from({ length: count }, (_, i) => i), npyHeader('<f4', shape, true))));
    for (let place = 0; place < count; place++) {
      let [rest, index] = [place, 0];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        index += (rest % shape[axis]!) * shape.slice(0, axis).reduce((product, n) => product * n, 1);
        rest = Math.floor(rest / shape[axis]!);
      }
      expect(data[place]).toBe(index);
    }
  }), { numRuns: 60, seed: 1 });
});

test.each([
  ['a shape that needs more bytes', npyHeader('<f4', [2, 3]), /must have 24 bytes of values for shape \(2, 3\) and dtype <f4; it has 20\. Is the file cut short/],
  ['a shape that needs fewer bytes', npyHeader('<f4', [2, 2]), /must have 16 bytes .* it has 20\. .* more than one array/],
  ['a shape beyond all memory', npyHeader('<f4', [2 ** 31, 2 ** 31]), /product below 2\^53/],
  ['a size beyond 2^53', "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 0), }", /product below 2\^53/],
  ['a negative size', npyHeader('<f4', [-1, 5]), /must have a header with descr, fortran_order and shape/],
  ['one axis', npyHeader('<f4', [5]), /must have the shape \(points, features\), or more axes of features; it has \(5\)/],
  ['no axis', npyHeader('<f4', []), /must have 4 bytes|must have the shape/],
  ['no features', npyHeader('<f4', [5, 0]), /must have 0 bytes|must have the shape/],
  ['a call in its header', "{'descr': __import__('os').system('true'), 'fortran_order': False, 'shape': (5,), }", /must have a header with/],
  ['a missing key', "{'descr': '<f4', 'shape': (5, 1), }", /must have a header with/],
  ['a key too many', "{'descr': '<f4', 'fortran_order': False, 'shape': (5, 1), 'x': 1}", /must have a header with/],
  ['a key twice', "{'descr': '<f4', 'fortran_order': False, 'shape': (5, 1), 'descr': '<f4'}", /must have a header with/],
  ['words after its header', "{'descr': '<f4', 'fortran_order': False, 'shape': (5, 1), } or True", /must have a header with/],
  ['an escape in its header', "{'descr': '\\x3cf4', 'fortran_order': False, 'shape': (5, 1), }", /must have a header with/],
  ['an unknown dtype', npyHeader('<f16', [5, 1]), /has dtype <f16: it must be bool/],
])('a file with %s is refused', async (_, header, message) => {
  await expect(readNpyTensor(await write(npyFile(new Float32Array(5), header)))).rejects.toThrow(message);
});

test('what is no .npy file, or one of a later format, is refused', async () => {
  await expect(readNpyTensor(await write(Buffer.from('not an array at all')))).rejects.toThrow(/must be a \.npy file; it does not begin as one/);
  await expect(readNpyTensor(await write(Buffer.alloc(0)))).rejects.toThrow(/it has 0 bytes/);
  await expect(readNpyTensor(await write(npyFile(new Float32Array(1), npyHeader('<f4', [1, 1]), 4)))).rejects.toThrow(/format 1, 2 or 3; it is 4\.0/);
  await expect(readNpyTensor(await write(npyFile(new Float32Array(1), ' '.repeat(65_600), 2)))).rejects.toThrow(/header of at most 65536 bytes; it says 65600/);
  await expect(readNpyTensor(join(folder, 'missing.npy'))).rejects.toThrow(/missing\.npy can't be read: ENOENT/);
});

test('the header of Python 2, with long integers and the keys in another order, is read', async () => {
  const { shape } = await readNpyTensor(await write(npyFile(new Float32Array(6), '{"shape": (2L, 3L), "fortran_order": False, "descr": "<f4"}')));
  expect(shape).toEqual([2, 3]);
});
