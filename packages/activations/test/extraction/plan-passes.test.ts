import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planPasses, type ExtractedLayer } from '../../src/index.js';

const layer = (name: string, features: number, kept = features): ExtractedLayer => ({ name, features, kept, hasMatrix: kept < features });

describe('planPasses()', () => {
  test('takes one pass where all fits', () => {
    expect(planPasses([layer('a', 10), layer('b', 20, 5)], { points: 3, heldValues: 45, matrixValues: 100 })).toEqual([
      [{ layer: 'a', first: 0, count: 10 }, { layer: 'b', first: 0, count: 5 }],
    ]);
  });

  test('begins another where the next layer or its matrix does not fit, and parts a matrix that fits nowhere', () => {
    expect(planPasses([layer('a', 10), layer('b', 20)], { points: 3, heldValues: 60, matrixValues: 100 }).map((parts) => parts.map((part) => part.layer))).toEqual([['a'], ['b']]);
    expect(planPasses([layer('a', 9), layer('b', 20, 7), layer('c', 8, 5)], { points: 1, heldValues: 100, matrixValues: 60 })).toEqual([
      [{ layer: 'a', first: 0, count: 9 }],
      [{ layer: 'b', first: 0, count: 3 }],
      [{ layer: 'b', first: 3, count: 3 }],
      [{ layer: 'b', first: 6, count: 1 }, { layer: 'c', first: 0, count: 5 }],
    ]);
  });

  test('gives every feature of every layer once, in order, within memory wherever one row and one layer are', () => {
    const layers = fc.array(fc.record({ features: fc.integer({ min: 1, max: 50 }), share: fc.double({ min: 0.1, max: 1, noNaN: true }) }), { minLength: 1, maxLength: 8 });
    fc.assert(fc.property(layers, fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 900 }), (drawn, heldValues, matrixValues) => {
      const own = drawn.map(({ features, share }, i) => layer(`layer${i}`, features, Math.max(1, Math.floor(share * features))));
      const passes = planPasses(own, { points: 4, heldValues, matrixValues });
      for (const { name, kept } of own) {
        const parts = passes.flat().filter((part) => part.layer === name);
        expect(parts.reduce((end, { first, count }) => { expect(first).toBe(end); return end + count; }, 0)).toBe(kept);
      }
      for (const parts of passes) {
        expect(parts.length).toBeGreaterThan(0);
        const of = (name: string) => own.find((other) => other.name === name)!;
        const matrices = parts.filter(({ layer: name }) => of(name).hasMatrix).map(({ layer: name, count }) => of(name).features * count);
        const sum = matrices.reduce((total, values) => total + values, 0);
        expect(sum <= matrixValues || parts.length === 1).toBe(true);
        const held = parts.reduce((total, { layer: name }) => total + 4 * of(name).kept, 0);
        expect(held <= heldValues || parts.length === 1).toBe(true);
      }
    }), { seed: 1, numRuns: 300 });
  });
});
