import fc from 'fast-check';
import { decodeIdx, encodeIdx } from '../../idx/idx.js';

test('encodeIdx() writes the header of MNIST: magic 0x00000803, then count, rows and columns, big-endian', () => {
  const bytes = encodeIdx({ shape: [2, 1, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) });
  expect([...bytes]).toEqual([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]);
});

test('decodeIdx() returns what encodeIdx() was given', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }), (shape) => {
      const data = Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (7 * i) % 256);
      const decoded = decodeIdx(encodeIdx({ shape, data }));
      expect(decoded.shape).toEqual(shape);
      expect([...decoded.data]).toEqual([...data]);
    }),
    { seed: 1 },
  );
});

test('encodeIdx() refuses a shape that does not fit the data', () => {
  expect(() => encodeIdx({ shape: [2, 2], data: new Uint8Array(3) })).toThrow('encodeIdx: shape must describe 3 elements; got [2, 2].');
});

test('decodeIdx() refuses another magic number and a file cut short', () => {
  const bytes = encodeIdx({ shape: [4], data: new Uint8Array(4) });
  expect(() => decodeIdx(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0))).toThrow('got 0x1f8b0800');
  expect(() => decodeIdx(bytes.subarray(0, 10))).toThrow('must hold 4 elements for shape [4]; got 2');
});
