import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { crossProducts, gramOfRows, kernels, orthonormalize, randomStream } from '../../src/index.js';

const size = (max: number) => fc.integer({ min: 1, max });
const runs = { numRuns: 30, seed: 3 };

/** Largest difference, relative to the largest magnitude. */
function difference(actual: Float64Array, expected: Float64Array): number {
  const scale = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-300);
  return actual.reduce((most, x, i) => Math.max(most, Math.abs(x - expected[i]!)), 0) / scale;
}

/** A B', as it is defined. */
function productsOracle(a: Float64Array, aCount: number, b: Float64Array, bCount: number, length: number): Float64Array {
  const products = new Float64Array(aCount * bCount);
  for (let i = 0; i < aCount; i++) {
    for (let j = 0; j < bCount; j++) for (let k = 0; k < length; k++) products[i * bCount + j]! += a[i * length + k]! * b[j * length + k]!;
  }
  return products;
}

test('crossProducts() and gramOfRows() agree with the definition for every shape', () => {
  fc.assert(fc.property(size(110), size(50), size(300), fc.nat(), (aCount, bCount, length, seed) => {
    const a = randomStream(seed, 'a').fillNormal(new Float64Array(aCount * length));
    const b = randomStream(seed, 'b').fillNormal(new Float64Array(bCount * length));
    expect(difference(crossProducts(a, aCount, b, bCount, length), productsOracle(a, aCount, b, bCount, length))).toBeLessThan(1e-13);
    const gram = gramOfRows(a, aCount, length);
    expect(difference(gram, productsOracle(a, aCount, a, aCount, length))).toBeLessThan(1e-13);
    for (let i = 0; i < aCount; i++) for (let j = 0; j < i; j++) if (gram[i * aCount + j] !== gram[j * aCount + i]) throw new Error('not symmetric');
  }), { ...runs, numRuns: 12 });
});

test('addCombinations() adds C X', () => {
  fc.assert(fc.property(size(9), size(9), size(1100), fc.nat(), (outCount, xCount, length, seed) => {
    const random = randomStream(seed, 'combinations');
    kernels().borrow((allocate) => {
      const [out, c, x] = [allocate(outCount * length), allocate(outCount * xCount), allocate(xCount * length)];
      for (const array of [out, c, x]) random.fillNormal(array);
      const expected = Float64Array.from(out, (y, i) => {
        let sum = y;
        for (let k = 0; k < xCount; k++) sum += c[Math.floor(i / length) * xCount + k]! * x[k * length + (i % length)]!;
        return sum;
      });
      kernels().functions.addCombinations(out.byteOffset, 8 * length, outCount, c.byteOffset, 8 * xCount, x.byteOffset, 8 * length, xCount, length);
      expect(difference(out, expected)).toBeLessThan(1e-14);
    });
  }), runs);
});

test('factorGram() gives L with L L\' = G, and stops at the first dependent row', () => {
  fc.assert(fc.property(size(40), fc.nat(), (count, seed) => {
    const rows = randomStream(seed, 'rows').fillNormal(new Float64Array(count * (count + 5)));
    const gram = gramOfRows(rows, count, count + 5);
    kernels().borrow((allocate) => {
      const [g, L] = [allocate(count * count), allocate(count * count)];
      g.set(gram);
      expect(kernels().functions.factorGram(g.byteOffset, L.byteOffset, count, 8 * count, 1e-10)).toBe(count);
      expect(difference(gramOfRows(L, count, count), gram)).toBeLessThan(1e-12);
    });
    if (count < 3) return;
    rows.copyWithin(2 * (count + 5), 0, count + 5);
    kernels().borrow((allocate) => {
      const [g, L] = [allocate(count * count), allocate(count * count)];
      g.set(gramOfRows(rows, count, count + 5));
      expect(kernels().functions.factorGram(g.byteOffset, L.byteOffset, count, 8 * count, 1e-10)).toBe(2);
    });
  }), runs);
});

test('orthonormalize() gives an orthonormal basis in which the coordinates restore the vectors, dependent ones too', () => {
  fc.assert(fc.property(size(20), size(60), fc.nat(), fc.boolean(), (count, length, seed, hasDependent) => {
    const vectors = randomStream(seed, 'vectors').fillNormal(new Float64Array(count * length));
    if (hasDependent && count > 2) for (let j = 0; j < length; j++) vectors[length + j] = 3 * vectors[j]!;
    const { basis, coordinates, rank } = orthonormalize(vectors, count, length);
    expect(rank).toBe(Math.min(length, hasDependent && count > 2 ? count - 1 : count));
    expect(difference(gramOfRows(basis, rank, length), Float64Array.from({ length: rank * rank }, (_, i) => Number(i % (rank + 1) === 0)))).toBeLessThan(1e-14);
    const restored = Float64Array.from({ length: count * length }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += coordinates[Math.floor(i / length) * count + k]! * basis[k * length + (i % length)]!;
      return sum;
    });
    expect(difference(restored, vectors)).toBeLessThan(1e-13);
  }), runs);
});

test('memory is lent as a stack of zeros, and grows when it must', () => {
  const { functions } = kernels();
  kernels().borrow((allocate) => {
    const first = allocate(3).fill(7);
    const inner = kernels().borrow((more) => {
      const large = more(3_000_000);
      expect(large.byteOffset % 16).toBe(0);
      expect(large.every((x) => x === 0)).toBe(true);
      return large.byteOffset;
    });
    expect([...first]).toEqual([7, 7, 7]);
    expect(allocate(1).byteOffset).toBe(inner);
    expect(functions.innerProduct(first.byteOffset, first.byteOffset, 3)).toBe(147);
  });
});

test('load() brings float32 and float64 elements as float64, and scale() scales them', () => {
  for (const length of [1, 2, 7, 64]) {
    const source = randomStream(length, 'load').fillNormal(new Float64Array(length + 5));
    kernels().borrow((allocate) => {
      const target = allocate(length);
      for (const array of [source, Float32Array.from(source)]) {
        kernels().load(target, array, 3);
        expect([...target]).toEqual([...array.subarray(3, 3 + length)]);
      }
      kernels().functions.scale(target.byteOffset, 0.5, length);
      expect([...target]).toEqual(Array.from(Float32Array.from(source).subarray(3, 3 + length), (x) => x / 2));
    });
  }
});
