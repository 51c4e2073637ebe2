import { addScaled, orthonormalize, symmetricEigenvalues, type RandomStream } from '@memgeo/numerics';
import { minimizeOverSubspaces } from './grassmann.js';
import { ResidualCost } from './residual-cost.js';

/** How much of the centers' common structure to remove: the best rank, none, or a given rank. */
export type LowRank = 'optimal' | 'none' | number;

export type LowRankStructure = {
  /** Number of directions removed, K. */
  readonly rank: number;
  /** Orthonormal directions in the basis of the centers, shape (rank, dimension). */
  readonly directions: Float64Array;
  /** Mean absolute cosine of the residual centers, by rank, from 0. */
  readonly residuals: readonly number[];
  readonly costs: readonly number[];
  /** Smallest norm that a center keeps, as a fraction of its norm. */
  readonly stability: number;
  readonly iterations: number;
  readonly hasConverged: boolean;
};

/** Variance that the first directions must hold before the search may stop looking further, and how much further it looks. */
const [coveredVariance, extraRanks] = [0.95, 11];
/**
 * A subspace that leaves one center a smaller share of its norm than this, relative to the median center, has fitted that center and
 * not what the centers share; it blows up the radius of its manifold. Right subspaces leave at least 0.25 on activations of trained
 * networks; those that fit one center leave 1e-3 to 0.2, at nearly the same cost.
 */
const leastEvenness = 0.2;
/** Costs that differ by less are the same minimum; the more stable subspace is then taken. */
const sameCost = 1e-7;

/**
 * Finds the low-dimensional structure that the class centers share.
 *
 * For each rank, from 1, removes the subspace that leaves the smallest squared cosines between the centers
 * [stephenson2021geometry; cohen2020separability], starting from the best subspace of the rank before and a random
 * direction. Takes the rank with the smallest mean absolute cosine. Unlike the reference program it may remove nothing,
 * never looks beyond rank P - 2, and takes the cheapest of its restarts that does not take
 * away a single center, not the most stable; it ends at the rank at which every restart does.
 *
 * @param centers  Globally centered class centers in an orthonormal basis, shape (count, dimension).
 * @param gram  Their inner products, shape (count, count), all norms positive.
 * @param options.restarts  Random starts per rank.
 */
export function findLowRankStructure(
  centers: Float64Array, gram: Float64Array,
  options: { count: number; dimension: number; lowRank: LowRank; restarts: number; random: RandomStream },
): LowRankStructure {
  const { count, dimension, lowRank, restarts, random } = options;
  const cost = new ResidualCost(centers, gram, count, dimension);
  const empty: Float64Array = new Float64Array(0);
  const most = Math.max(0, Math.min(count - 2, dimension - 1));
  const wanted = lowRank === 'none' || most === 0 ? 0 : lowRank === 'optimal' ? Math.min(most, ranksThatCover(gram, count) + extraRanks) : lowRank;
  const residuals = [cost.describe(empty, 0).residual];
  const costs = [cost.evaluate(empty, 0)];
  let best = { rank: 0, directions: empty, stability: 1 };
  let previous = empty;
  let [iterations, hasConverged] = [0, true];
  for (let rank = 1; rank <= wanted; rank++) {
    const found = searchRank(cost, centers, previous, { rank, restarts, random: random.fork('rank', rank) });
    if (lowRank === 'optimal' && found.evenness < leastEvenness) break;
    previous = found.directions;
    iterations += found.iterations;
    hasConverged &&= found.hasConverged;
    residuals.push(found.residual);
    costs.push(found.cost);
    if (lowRank === 'optimal' ? found.residual < residuals[best.rank]! : rank === wanted) best = { rank, directions: found.directions, stability: found.stability };
    if (lowRank === 'optimal' && rank > 4 && isRising(residuals)) break;
  }
  return { ...best, residuals, costs, iterations, hasConverged };
}

/** The cheapest of several local minima of one rank. */
function searchRank(
  cost: ResidualCost, centers: Float64Array, previous: Float64Array, options: { rank: number; restarts: number; random: RandomStream },
) {
  const { rank, restarts, random } = options;
  const { centerCount, dimension } = cost;
  let best: { directions: Float64Array; cost: number; residual: number; stability: number; evenness: number } | undefined;
  let iterations = 0;
  let hasConverged = true;
  for (let restart = 0; restart < restarts; restart++) {
    const start = new Float64Array(rank * dimension);
    // Every other start keeps nothing of the rank before, so that one poor subspace does not bind all later ones.
    const kept = restart % 2 === 0 ? rank - 1 : 0;
    start.set(previous.subarray(0, kept * dimension));
    const stream = random.fork('restart', restart);
    for (let k = kept; k < rank; k++) {
      for (let p = 0; p < centerCount; p++) addScaled(start, k * dimension, stream.nextNormal(), centers, p * dimension, dimension);
    }
    const { basis } = orthonormalize(start, rank, dimension);
    const found = minimizeOverSubspaces((directions, gradient) => cost.evaluate(directions, rank, gradient), { directions: basis, rank, dimension });
    iterations += found.iterations;
    hasConverged &&= found.hasConverged;
    const candidate = { ...found, ...cost.describe(found.directions, rank) };
    if (best === undefined || isBetter(candidate, best)) best = candidate;
  }
  return { ...best!, iterations, hasConverged };
}

function isBetter(a: { cost: number; stability: number; evenness: number }, b: { cost: number; stability: number; evenness: number }): boolean {
  const [isSound, wasSound] = [a.evenness >= leastEvenness, b.evenness >= leastEvenness];
  if (isSound !== wasSound) return isSound;
  if (Math.abs(a.cost - b.cost) > sameCost * b.cost) return a.cost < b.cost;
  return a.stability > b.stability;
}

/** Index of the last cumulative share of variance below {@link coveredVariance}, counted from 0, as in the reference program. */
function ranksThatCover(gram: Float64Array, count: number): number {
  const eigenvalues = symmetricEigenvalues(gram, count);
  const total = eigenvalues.reduce((sum, value) => sum + value, 0);
  let [covered, last] = [0, 0];
  eigenvalues.forEach((value, k) => {
    covered += value;
    if (covered < coveredVariance * total) last = k;
  });
  return last;
}

function isRising(residuals: readonly number[]): boolean {
  const [a, b, c, d] = residuals.slice(-4) as [number, number, number, number];
  return a < b && b < c && c < d;
}
