import { crossProducts, factorSemidefinite, gramOfRows, tridiagonalEigenvalues, tridiagonalize } from '@memgeo/numerics';

/** Centered points up to a rotation, as few numbers each as possible. */
export type ShapeFactor = {
  /** Coordinate by coordinate, shape (rank, count). */
  readonly coordinates: Float64Array;
  readonly rank: number;
  readonly count: number;
};

/** Factors the Gram matrix of centered points, shape (count, count): coordinates with the same inner products. */
export function shapeFactor(gram: Float64Array, count: number): ShapeFactor {
  const { lower, inverses } = factorSemidefinite(gram, count, { tolerance: 1e-14 });
  const kept = [...inverses.keys()].filter((k) => inverses[k]! > 0);
  const coordinates = new Float64Array(kept.length * count);
  kept.forEach((k, row) => { for (let i = 0; i < count; i++) coordinates[row * count + i] = lower[i * count + k]!; });
  return { coordinates, rank: kept.length, count };
}

/**
 * Computes the largest cosine between two sets of points that rotations can reach: |X'Y|_* / (|X|_F |Y|_F), centered.
 *
 * The nuclear norm is the sum of singular values of X'Y, from the eigenvalues of its Gram matrix; those below rounding are left out.
 *
 * @param options.groupCount  Example i belongs to group i mod groupCount.
 * @returns first of all points, then without group 0, 1, ..., each centered anew.
 */
export function shapeCosines(x: ShapeFactor, y: ShapeFactor, { groupCount }: { groupCount: number }): number[] {
  const [thin, wide] = x.rank <= y.rank ? [x, y] : [y, x];
  const whole = crossProducts(thin.coordinates, thin.rank, wide.coordinates, wide.rank, x.count);
  const cosines = [nuclearNorm(whole, thin.rank, wide.rank) / Math.sqrt(squares(thin.coordinates) * squares(wide.coordinates))];
  for (let group = 0; group < groupCount; group++) {
    const members = [...Array(x.count).keys()].filter((i) => i % groupCount === group);
    const [a, b] = [thin, wide].map((factor) => withoutMean(factor, members)) as [Removed, Removed];
    const removed = crossProducts(a.columns, thin.rank, b.columns, wide.rank, a.width);
    cosines.push(nuclearNorm(whole.map((value, i) => value - removed[i]!), thin.rank, wide.rank) / Math.sqrt(a.squaresLeft * b.squaresLeft));
  }
  return cosines;
}

type Removed = { readonly columns: Float64Array; readonly width: number; readonly squaresLeft: number };

/** What leaving out some points takes from the products of coordinates: the points, and the mean that the others then have. */
function withoutMean({ coordinates, rank, count }: ShapeFactor, members: readonly number[]): Removed {
  const width = members.length + 1;
  const columns = new Float64Array(rank * width);
  const scale = 1 / Math.sqrt(count - members.length);
  for (let k = 0; k < rank; k++) {
    let sum = 0;
    members.forEach((i, m) => {
      columns[k * width + m] = coordinates[k * count + i]!;
      sum += coordinates[k * count + i]!;
    });
    columns[k * width + width - 1] = scale * sum;
  }
  return { columns, width, squaresLeft: squares(coordinates) - squares(columns) };
}

function nuclearNorm(matrix: Float64Array, rows: number, columns: number): number {
  if (rows === 0) return 0;
  const eigenvalues = tridiagonalEigenvalues(tridiagonalize(gramOfRows(matrix, rows, columns), rows));
  const least = rows * Number.EPSILON * eigenvalues[0]!;
  return eigenvalues.reduce((sum, value) => (value > least ? sum + Math.sqrt(value) : sum), 0);
}

const squares = (values: Float64Array): number => values.reduce((sum, x) => sum + x * x, 0);
