import { crossProducts, dot } from '@memgeo/numerics';
import { meanOfRows } from '../points/mean-of-rows.js';

const blockSize = 256;

/** Below this fraction of the points' own squared norms, a squared distance is computed from the differences. */
const nearFraction = 1e-6;

/**
 * Computes the distances from each point to its nearest others, exactly.
 *
 * All pairs are looked at, a block at a time, by |x|^2 + |y|^2 - 2 x.y of centered points. Where that loses digits because the
 * points are near each other, the distance is computed from their differences, so the relative error stays below about 1e-9.
 *
 * @param data  Shape (any, features), row-major.
 * @param rows  The rows to take, more than `neighbors`, no two of them equal.
 * @param options.neighbors  How many neighbors, k.
 * @returns distances, shape (rows, k), ascending.
 */
export function neighborDistances(data: Float32Array | Float64Array, features: number, { rows, neighbors }: { rows: ArrayLike<number>; neighbors: number }): Float64Array {
  const count = rows.length;
  const mean = meanOfRows(data, features, rows);
  const block = (start: number): { size: number; points: Float64Array; squares: Float64Array } => {
    const size = Math.min(blockSize, count - start);
    const points = new Float64Array(size * features);
    for (let i = 0; i < size; i++) for (let j = 0; j < features; j++) points[i * features + j] = data[rows[start + i]! * features + j]! - mean[j]!;
    return { size, points, squares: Float64Array.from({ length: size }, (_, i) => dot(points, i * features, points, i * features, features)) };
  };
  const nearest = new Float64Array(count * neighbors).fill(Infinity);
  for (let i = 0; i < count; i += blockSize) {
    const first = block(i);
    for (let j = 0; j <= i; j += blockSize) {
      const second = j === i ? first : block(j);
      const products = crossProducts(first.points, first.size, second.points, second.size, features);
      for (let r = 0; r < first.size; r++) {
        for (let c = 0; c < (j === i ? r : second.size); c++) {
          const norms = first.squares[r]! + second.squares[c]!;
          let square = norms - 2 * products[r * second.size + c]!;
          if (square < nearFraction * norms) square = directSquare(data, features, rows[i + r]!, rows[j + c]!);
          keepIfNear(nearest, i + r, neighbors, square);
          keepIfNear(nearest, j + c, neighbors, square);
        }
      }
    }
  }
  return nearest.map(Math.sqrt);
}

function directSquare(data: Float32Array | Float64Array, features: number, a: number, b: number): number {
  let square = 0;
  for (let j = 0; j < features; j++) square += (data[a * features + j]! - data[b * features + j]!) ** 2;
  return square;
}

/** Inserts a squared distance into the ascending list of a point, if it is among the nearest. */
function keepIfNear(nearest: Float64Array, point: number, neighbors: number, square: number): void {
  const start = point * neighbors;
  let place = start + neighbors - 1;
  if (square >= nearest[place]!) return;
  for (; place > start && nearest[place - 1]! > square; place--) nearest[place] = nearest[place - 1]!;
  nearest[place] = square;
}
