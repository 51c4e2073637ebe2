import { kernels, RandomStream, Threads, toShared, type DivisibleWork } from '@memgeo/numerics';
import { minimizeOverSubspaces } from './grassmann.js';
import { ResidualCost, type Centers, type Residual } from './residual-cost.js';

/** A local minimum of the cost at one rank. */
export type Minimum = Residual & {
  /** Orthonormal, shape (rank, dimension). */
  readonly directions: Float64Array;
  readonly cost: number;
  readonly iterations: number;
  readonly hasConverged: boolean;
};

type Context = {
  readonly centers: Centers;
  readonly rank: number;
  /** The minimum of the rank before, shape (rank - 1, dimension). */
  readonly previous: Float64Array;
  /** Name of the stream of randomness. */
  readonly stream: string;
  /** Receives the minima, shape (starts, rank, dimension). */
  readonly directions: Float64Array;
  /** Receives what is known of them, shape (starts, fields). */
  readonly findings: Float64Array;
};

const fields = ['cost', 'iterations', 'hasConverged', 'residual', 'stability', 'evenness'] as const;

/** One start of the search of one rank: fit for any thread. */
export const rankStarts: DivisibleWork<Context> = { module: import.meta.url, name: 'prepareRankStarts', prepare: prepareRankStarts };

/**
 * Finds a local minimum of one rank from each of several starts.
 *
 * Every other start is the minimum of the rank before and a random direction, warm; the others are random, so that one poor subspace
 * does not bind all later ones. Start 0 is warm.
 */
export function searchRank(
  centers: Centers, previous: Float64Array, { rank, restarts, random, threads }: { rank: number; restarts: number; random: RandomStream; threads: Threads },
): Minimum[] {
  const size = rank * centers.dimension;
  const context: Context = {
    centers: { ...centers, coordinates: toShared(centers.coordinates), gram: toShared(centers.gram) },
    rank,
    previous,
    stream: random.path,
    directions: toShared(new Float64Array(restarts * size)),
    findings: toShared(new Float64Array(restarts * fields.length)),
  };
  threads.run(rankStarts, context, { pieces: restarts });
  return Array.from({ length: restarts }, (_, start) => {
    const [cost, iterations, hasConverged, residual, stability, evenness] = context.findings.subarray(start * fields.length) as unknown as number[];
    return {
      directions: Float64Array.from(context.directions.subarray(start * size, (start + 1) * size)),
      cost: cost!, iterations: iterations!, hasConverged: hasConverged === 1, residual: residual!, stability: stability!, evenness: evenness!,
    };
  });
}

/** Prepares a thread for {@link rankStarts}. */
export function prepareRankStarts({ centers, rank, previous, stream, directions, findings }: Context): (start: number) => void {
  const { count, dimension, coordinates } = centers;
  const size = rank * dimension;
  return (start) => kernels().borrow((allocate) => {
    const [V, X, weights] = [allocate(size), allocate(count * dimension), allocate(count)];
    const { functions } = kernels();
    X.set(coordinates);
    const kept = start % 2 === 0 ? rank - 1 : 0;
    V.set(previous.subarray(0, kept * dimension));
    const random = new RandomStream(stream).fork('restart', start);
    for (let k = kept; k < rank; k++) {
      random.fillNormal(weights);
      functions.addCombinations(V.byteOffset + 8 * k * dimension, 8 * dimension, 1, weights.byteOffset, 8 * count, X.byteOffset, 8 * dimension, count, dimension);
    }
    functions.orthonormalize(V.byteOffset, rank, dimension, 0, weights.byteOffset, 1e-12);
    const cost = new ResidualCost(centers, rank, allocate);
    const found = minimizeOverSubspaces((at, gradient) => cost.evaluate(at, gradient), V, { rank, dimension });
    const residual = cost.describe(V);
    directions.set(V, start * size);
    findings.set([found.cost, found.iterations, Number(found.hasConverged), residual.residual, residual.stability, residual.evenness], start * fields.length);
  });
}
