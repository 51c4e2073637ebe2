import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { allZero, gramOfRows, notSolved, randomStream, solveNonnegative } from '../../src/index.js';

test('solveNonnegative() satisfies the optimality conditions to 1e-12 for any independent points', () => {
  fc.assert(fc.property(fc.nat(), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 20 }), (seed, count, more) => {
    const [random, vectors] = [randomStream(seed, 'test'), 8];
    const gram = gramOfRows(random.fillNormal(new Float64Array(count * (count + more))), count, count + more);
    const b = random.fillNormal(new Float64Array(vectors * count));
    const { multipliers, outcomes } = solveNonnegative(gram, b, { count, vectors });
    let worst = 0;
    for (let v = 0; v < vectors; v++) {
      const right = b.subarray(v * count, (v + 1) * count);
      const a = multipliers.subarray(v * count, (v + 1) * count);
      // A square Gaussian matrix may be too ill-conditioned for its Gram matrix, and then the solver must say so.
      if (outcomes[v] === notSolved) continue;
      expect(outcomes[v] === allZero).toBe(right.every((x) => x <= 0));
      for (let i = 0; i < count; i++) {
        let [y, rounding] = [-right[i]!, Math.abs(right[i]!)];
        for (let j = 0; j < count; j++) {
          y += gram[i * count + j]! * a[j]!;
          rounding += Math.abs(gram[i * count + j]!) * a[j]!;
        }
        // How far from a >= 0, y >= 0, a y = 0, in units of what is summed.
        worst = Math.max(worst, -a[i]!, (a[i]! > 0 ? Math.abs(y) : -y) / rounding);
      }
    }
    expect(worst).toBeLessThanOrEqual(1e-12);
  }), { numRuns: 80, seed: 5 });
});

test('on orthonormal points the multipliers are the positive part of b', () => {
  const { multipliers, outcomes } = solveNonnegative(Float64Array.of(1, 0, 0, 1), Float64Array.of(2, -3, -1, -1), { count: 2, vectors: 2 });
  expect([...multipliers]).toEqual([2, 0, 0, 0]);
  expect([...outcomes]).toEqual([0, allZero]);
});

test('a support of near-duplicates is not solved on its Gram matrix', () => {
  const near = 1 + 1e-9;
  expect([...solveNonnegative(Float64Array.of(1, 1, 1, near), Float64Array.of(1, 1 + 1e-7), { count: 2, vectors: 1 }).outcomes]).toEqual([notSolved]);
});
