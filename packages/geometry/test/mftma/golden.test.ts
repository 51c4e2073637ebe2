import { describe, expect, test } from '@jest/globals';
import { gatherRows, gramOfRows, kernels, randomStream, Threads } from '@memgeo/numerics';
import { meanAbsoluteCosine } from '../../src/mftma/center-correlation.js';
import { classCenters } from '../../src/mftma/class-centers.js';
import { groupByManifold } from '../../src/points/labeled-points.js';
import { findLowRankStructure } from '../../src/mftma/low-rank.js';
import { localManifold } from '../../src/mftma/local-manifold.js';
import { manifoldStatistics } from '../../src/mftma/manifold-statistics.js';
import { ResidualCost } from '../../src/mftma/residual-cost.js';
import { exactStatistics, goldenArray, goldenPoints, goldenSets, lowRankMinima, transpose } from '../golden/read-golden.js';
import { excess } from '../matchers/all-close.js';

const isSameRow = ({ data, shape: [, n] }: ReturnType<typeof goldenPoints>, a: number, b: number): boolean => data.subarray(a * n, (a + 1) * n).every((x, j) => x === data[b * n + j]);

describe.each(Object.entries(goldenSets))('%s', (name, set) => {
  const points = goldenPoints(set);
  const groups = groupByManifold(points, 'test');
  const centers = classCenters(points, groups, { threads: new Threads(1) });
  const directions = transpose(goldenArray(set, 'V11'), set.N, set.K);

  test('center correlation', () => {
    expect(excess([meanAbsoluteCosine(centers.gram, set.P).value], [set.res_coeff0], { rtol: 1e-14, atol: 1e-14 })).toBeLessThanOrEqual(0);
  });

  test('mean cosine left by the stored directions', () => {
    // The directions in the basis of the centers; what lies outside that basis does not matter.
    const n = centers.dimension;
    const compact = Float64Array.from({ length: set.K * n }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < set.N; j++) sum += directions[Math.floor(i / n) * set.N + j]! * centers.basis[(i % n) * set.N + j]!;
      return sum;
    });
    const residual = kernels().borrow((allocate) => {
      const inMemory = allocate(compact.length);
      inMemory.set(compact);
      return new ResidualCost({ ...centers, count: set.P }, set.K, allocate).describe(inMemory).residual;
    });
    expect(excess([residual], [set.res_coeff[set.K - 1]!], { rtol: 0, atol: 2e-14 })).toBeLessThanOrEqual(0);
  });

  test('points relative to their center, up to the sign of a coordinate', () => {
    const expected = goldenArray(set, 'sD1');
    // Near-duplicates lose half their digits before they get here: 1e-10, as measured for the reference.
    const atol = name.startsWith('illcond') ? 1e-10 : 1e-12;
    let offset = 0;
    groups.forEach(({ rows }, p) => {
      const local = localManifold(points, rows, { globalMean: centers.globalMean, directions, rank: set.K })!;
      const [m, width] = [rows.length, local.dimension + 1];
      expect(local.dimension).toBe(set.D[p]);
      const distinct = [...rows.keys()].filter((i) => !rows.subarray(0, i).some((other) => isSameRow(points, other, rows[i]!)));
      const reference = gatherRows(transpose(expected.subarray(offset, offset + width * m), width, m), width, distinct);
      expect(excess(gramOfRows(local.points, local.count, width), gramOfRows(reference, distinct.length, width), { rtol: 1e-13, atol })).toBeLessThanOrEqual(0);
      offset += width * m;
    });
  });

  test('capacity, radius and dimension from stored points and Gaussian vectors', () => {
    const [storedPoints, t] = [goldenArray(set, 'sD1'), goldenArray(set, 't')];
    const rtol = name.startsWith('illcond') ? 1e-9 : 1e-12;
    const found = { cap: [] as number[], rad: [] as number[], dim: [] as number[] };
    let [pointOffset, vectorOffset] = [0, 0];
    set.M.forEach((m, p) => {
      const width = set.D[p]! + 1;
      const local = transpose(storedPoints.subarray(pointOffset, pointOffset + width * m), width, m);
      const gaussian = transpose(t.subarray(vectorOffset, vectorOffset + width * set.n_t), width, set.n_t);
      const statistics = manifoldStatistics({ points: local, count: m, dimension: width - 1, rank: width - 1 }, { margin: set.kappa, gaussian });
      expect(statistics.violation).toBeLessThanOrEqual(1e-12);
      found.cap.push(1 / statistics.inverseCapacity.value);
      found.rad.push(statistics.radius.value);
      found.dim.push(statistics.dimension.value);
      pointOffset += width * m;
      vectorOffset += width * set.n_t;
    });
    const exact = exactStatistics[name]!;
    // A single point has radius 0 in one program and rounding in the other, and a dimension made of that rounding.
    const many = set.M.map((m) => m > 1);
    const only = (values: number[]) => values.filter((_, p) => many[p]);
    expect(excess(found.cap, exact.cap, { rtol })).toBeLessThanOrEqual(0);
    expect(excess(only(found.rad), only(exact.rad), { rtol })).toBeLessThanOrEqual(0);
    expect(excess(only(found.dim), only(exact.dim), { rtol: 10 * rtol })).toBeLessThanOrEqual(0);
  });

  test('the low-rank search finds no costlier a minimum than the reference', () => {
    const { costs } = findLowRankStructure({ ...centers, count: set.P }, { lowRank: set.K, restarts: 4, random: randomStream(1, 'test'), threads: new Threads(1) });
    expect(costs[set.K]!).toBeLessThanOrEqual(lowRankMinima[name]!.reference_at_K.cost * (1 + 1e-5));
  });
});
