import { gramOfRows, randomStream, solveNonnegative } from '@memgeo/numerics';
import type { LowRank } from './low-rank.js';

/** What one call of manifoldGeometry() works on. */
export type Workload = {
  readonly manifolds: number;
  readonly pointsPerManifold: number;
  readonly features: number;
  readonly gaussianVectors: number;
  readonly lowRank: LowRank;
  readonly restarts: number;
};

/** How fast this machine is, on one thread. */
export type Rates = {
  /** Multiply-adds of the products kernel per second. */
  readonly products: number;
  /** Anchor problems of 50 Gaussian points per second. */
  readonly solves: number;
};

/** Ranks that the search visits before its residual rises, and iterations of one start, as seen on activations of trained networks. */
const [usualRanks, iterationsPerStart] = [12, 150];
/** Share of the work that threads divide; the rest is done by one. */
const dividedShare = 0.85;
const warmUpMs = 15;

/** Measures how fast this machine is, in about 40 ms. */
export function measureRates(): Rates {
  const [rows, length, count, vectors] = [48, 2048, 50, 50];
  const random = randomStream(1, 'rates');
  const points = random.fillNormal(new Float64Array(rows * length));
  const gram = gramOfRows(random.fillNormal(new Float64Array(count * count)), count, count);
  const b = random.fillNormal(new Float64Array(vectors * count)).map((x) => x * Math.sqrt(count));
  const perSecond = (work: () => unknown, amount: number): number => {
    // The first calls are slow: the kernels are compiled while they run.
    for (const started = performance.now(); performance.now() - started < warmUpMs;) work();
    const times = [0, 0, 0].map(() => {
      const started = performance.now();
      work();
      return performance.now() - started;
    });
    return (1000 * amount) / Math.max(1e-3, Math.min(...times));
  };
  return {
    products: perSecond(() => gramOfRows(points, rows, length), (rows * rows * length) / 2),
    solves: perSecond(() => solveNonnegative(gram, b, { count, vectors }), vectors),
  };
}

/**
 * Estimates how long manifoldGeometry() will take.
 *
 * Counts the multiply-adds of the products and the anchor problems; the number of iterations of the low-rank search is that seen
 * before, so the estimate is right to a factor of 2 or so.
 *
 * @returns seconds.
 */
export function estimateSeconds(work: Workload, rates: Rates, { threads }: { threads: number }): number {
  const { manifolds: P, pointsPerManifold: M, features: N, gaussianVectors, lowRank, restarts } = work;
  const ranks = Math.max(0, Math.min(P - 2, lowRank === 'none' ? 0 : lowRank === 'optimal' ? usualRanks : lowRank));
  // What is done to each element once (checks, sums, differences) costs about as much as 20 multiply-adds of a kernel.
  const perElement = P * M * N * (40 + M / 2 + ranks);
  const centers = (5 / 2) * P * P * N;
  // Ranks 1 to K: half the square of K.
  const search = restarts * iterationsPerStart * P * P * (3.5 * (ranks ** 2 / 2) + 10 * ranks);
  // An anchor problem grows with the square of its points; drawing a Gaussian number costs about as much as 60 multiply-adds.
  const anchors = P * gaussianVectors * ((M / 50) ** 2 / rates.solves + ((M + 1) * 60) / rates.products);
  const seconds = (perElement + centers + search) / rates.products + anchors;
  return seconds * (1 - dividedShare + dividedShare / threads);
}
