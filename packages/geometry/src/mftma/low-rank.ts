import { kernels, symmetricEigenvalues, type RandomStream, type Threads } from '@memgeo/numerics';
import { ResidualCost, type Centers, type Residual } from './residual-cost.js';
import { searchRank, type Minimum } from './search-rank.js';

/** How much of the centers' common structure to remove: the best rank, none, or a given rank. */
export type LowRank = 'optimal' | 'none' | number;

export type LowRankStructure = {
  /** Number of directions removed, K. */
  readonly rank: number;
  /** Orthonormal directions in the basis of the centers, shape (rank, dimension). */
  readonly directions: Float64Array;
  /** Mean absolute cosine of the residual centers, by rank, from 0. */
  readonly residuals: readonly number[];
  /** The lowest cost found, by rank, from 0. */
  readonly costs: readonly number[];
  /** Smallest norm that a center keeps, as a fraction of its norm. */
  readonly stability: number;
  readonly iterations: number;
  /** Whether the subspace that was taken is a converged minimum. */
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
 * @param centers  Globally centered class centers, all norms positive.
 * @param options.restarts  Starts per rank.
 */
export function findLowRankStructure(
  centers: Centers, { lowRank, restarts, random, threads }: { lowRank: LowRank; restarts: number; random: RandomStream; threads: Threads },
): LowRankStructure {
  const { count, dimension, gram } = centers;
  const none: Float64Array = new Float64Array(0);
  const most = Math.max(0, Math.min(count - 2, dimension - 1));
  const wanted = lowRank === 'none' || most === 0 ? 0 : lowRank === 'optimal' ? Math.min(most, ranksThatCover(gram, count) + extraRanks) : lowRank;
  const [nothing, nothingCost] = kernels().borrow((allocate) => { const cost = new ResidualCost(centers, 0, allocate); return [cost.describe(none), cost.evaluate(none)] as const; });
  const [residuals, costs] = [[nothing.residual], [nothingCost]];
  let best = { rank: 0, directions: none, stability: 1, hasConverged: true };
  let previous = none;
  let iterations = 0;
  for (let rank = 1; rank <= wanted; rank++) {
    const minima = searchRank(centers, previous, { rank, restarts, random: random.fork('rank', rank), threads });
    const found = minima.reduce((a, b) => (isBetter(b, a) ? b : a));
    iterations += minima.reduce((sum, minimum) => sum + minimum.iterations, 0);
    costs.push(Math.min(...minima.map(({ cost }) => cost)));
    if (lowRank === 'optimal' && !isSound(found)) break;
    previous = found.directions;
    residuals.push(found.residual);
    if (lowRank === 'optimal' ? found.residual < residuals[best.rank]! : rank === wanted) best = { rank, directions: found.directions, stability: found.stability, hasConverged: found.hasConverged };
    if (lowRank === 'optimal' && rank > 4 && isRising(residuals)) break;
  }
  return { ...best, residuals, costs, iterations };
}

/** Prefers what has converged and leaves every center its norm, then the cheaper, then, at one cost, the more stable. */
function isBetter(a: Minimum, b: Minimum): boolean {
  if (isSound(a) !== isSound(b)) return isSound(a);
  if (a.hasConverged !== b.hasConverged) return a.hasConverged;
  if (Math.abs(a.cost - b.cost) > sameCost * b.cost) return a.cost < b.cost;
  return a.stability > b.stability;
}

const isSound = ({ evenness }: Residual): boolean => evenness >= leastEvenness;

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
