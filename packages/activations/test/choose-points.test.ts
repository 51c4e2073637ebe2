import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { LabelsRow } from '@memgeo/artifacts';
import { randomStream } from '@memgeo/numerics';
import { choosePoints, randomProjection, regularSubgraph } from '../src/index.js';

/** Books with a random permutation without fixed points: rotate the labels of a shuffled list by more than a class. */
function books(classCount: number, perClass: number, seed: number): LabelsRow[] {
  const random = randomStream(seed, 'books');
  const rows: LabelsRow[] = [];
  const add = (row: Omit<LabelsRow, 'exampleId'>) => rows.push({ exampleId: rows.length, ...row });
  for (let c = 0; c < classCount; c++) {
    for (let i = 0; i < perClass; i++) {
      add({ split: 'train', trueLabel: c, assignedLabel: c, isPermuted: false });
      add({ split: 'test', trueLabel: c, assignedLabel: c, isPermuted: false });
    }
  }
  const shifts = Array.from({ length: perClass }, () => 1 + random.nextInteger(classCount - 1));
  for (const shift of shifts) for (let c = 0; c < classCount; c++) add({ split: 'train', trueLabel: c, assignedLabel: (c + shift) % classCount, isPermuted: true });
  return rows;
}
const names = (count: number) => Array.from({ length: count }, (_, i) => `class ${i}`);

describe('choosePoints()', () => {
  test('gives each manifold of each set the same number of points, permuted and restored from the same images', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 1, max: 9 }), fc.nat(1000), fc.nat(1000), (classCount, perClass, seed, cut) => {
      const rows = books(classCount, perClass, seed);
      const pointsPerManifold = 1 + (cut % perClass);
      const points = choosePoints(rows, { classNames: names(classCount), pointsPerManifold, seed });
      const ids = (set: string) => points.filter((p) => p.set === set).map((p) => p.exampleId);
      for (const set of ['unpermuted', 'permuted', 'restored', 'test']) {
        expect(new Set(ids(set)).size).toBe(classCount * pointsPerManifold);
        for (let c = 0; c < classCount; c++) expect(points.filter((p) => p.set === set && p.manifold === c)).toHaveLength(pointsPerManifold);
      }
      expect(ids('permuted').sort()).toEqual(ids('restored').sort());
      for (const point of points) {
        const row = rows[point.exampleId]!;
        expect(point.manifold).toBe(point.set === 'permuted' ? row.assignedLabel : row.trueLabel);
      }
    }), { numRuns: 150, seed: 5 });
  });

  test('leaves out sets without examples', () => {
    const points = choosePoints(books(3, 4, 1).filter(({ isPermuted }) => !isPermuted), { classNames: names(3), pointsPerManifold: 2, seed: 1 });
    expect([...new Set(points.map(({ set }) => set))]).toEqual(['unpermuted', 'test']);
  });

  test('a choice of sets leaves the points of each as they were', () => {
    const rows = books(4, 5, 1);
    const options = { classNames: names(4), pointsPerManifold: 3, seed: 1 };
    const all = choosePoints(rows, options);
    for (const sets of [['test'], ['restored', 'unpermuted'], ['permuted']] as const) {
      expect(choosePoints(rows, { ...options, sets })).toEqual(all.filter(({ set }) => (sets as readonly string[]).includes(set)));
    }
  });

  test('says which class has too few examples in which set, or how many points are possible', () => {
    const rows = books(3, 4, 1);
    expect(() => choosePoints(rows, { classNames: names(3), pointsPerManifold: 5, seed: 1 })).toThrow(/class "class 0" has 4 examples in the unpermuted set; pointsPerManifold asks for 5/);
    // Class 0 loses examples by true label alone: 3 of each remain, but not in a regular choice of 4.
    const lopsided = rows.filter((row, i) => !(row.isPermuted && row.trueLabel === 0 && i % 2 === 0));
    expect(() => choosePoints(lopsided, { classNames: names(3), pointsPerManifold: 4, seed: 1 })).toThrow(/permuted/);
  });
});

test('regularSubgraph() finds a choice that greed misses', () => {
  // 0-0' must be left to let 1 have its only partner.
  const edges = [[0, 0], [0, 1], [1, 0]].map(([from, to], exampleId) => ({ exampleId, from: from!, to: to! }));
  for (let seed = 0; seed < 20; seed++) {
    const chosen = regularSubgraph(edges, { classCount: 2, degree: 1, random: randomStream(seed) });
    expect(chosen?.map(({ exampleId }) => exampleId).sort()).toEqual([1, 2]);
  }
  expect(regularSubgraph(edges, { classCount: 2, degree: 2, random: randomStream(1) })).toBeUndefined();
});

test('randomProjection() has rows of norm 1 and keeps squared lengths, on average, up to projectTo / features', () => {
  const [features, projectTo] = [300, 200];
  const projection = randomProjection(features, projectTo, { seed: 1, layer: 'conv1' });
  const x = randomStream(2, 'x').fillNormal(new Float32Array(features));
  let square = 0;
  for (let row = 0; row < projectTo; row++) {
    const values = projection.subarray(row * features, (row + 1) * features);
    expect(Math.abs(Math.hypot(...values) - 1)).toBeLessThan(1e-5);
    square += values.reduce((sum, value, j) => sum + value * x[j]!, 0) ** 2;
  }
  const expected = (x.reduce((sum, value) => sum + value * value, 0) * projectTo) / features;
  // Relative standard deviation sqrt(2 / projectTo) = 0.1.
  expect(Math.abs(square / expected - 1)).toBeLessThan(0.4);
  expect(randomProjection(features, projectTo, { seed: 1, layer: 'conv2' })).not.toEqual(projection);
});
