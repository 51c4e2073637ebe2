import { addScaled, dot, gatherRows, gramOfRows } from '@memgeo/numerics';

/**
 * Points x_i known by what a projection needs of them: their inner products.
 *
 * One kind holds every inner product, the other the points and computes inner products of the few that are asked for.
 */
export type ConePoints = {
  readonly count: number;
  readonly squaredNorms: Float64Array;
  /** Inner products of the chosen points, shape (chosen, chosen). */
  readonly gram: (chosen: Int32Array) => Float64Array;
  /** Inner products of every point with sum_i weights_i x_i, shape (count). */
  readonly productsWith: (weights: Float64Array) => Float64Array;
  /** Weights from zero by coordinate descent on the dual of the projection, see {@link descend}. */
  readonly guess: (problem: { signs: Float64Array; targetResponses: Float64Array }) => Float64Array;
};

/**
 * Makes points of the Gram matrix of all: for at most as many points as coordinates, or few of them.
 *
 * @param gram  Inner products of the points, shape (count, count).
 */
export function pointsByGram(gram: Float64Array, count: number): ConePoints {
  const squaredNorms = Float64Array.from({ length: count }, (_, i) => gram[i * count + i]!);
  return {
    count,
    squaredNorms,
    gram: (chosen) => {
      const size = chosen.length;
      const part = new Float64Array(size * size);
      for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) part[i * size + j] = gram[chosen[i]! * count + chosen[j]!]!;
      return part;
    },
    productsWith: (weights) => combine(gram, weights, count),
    guess: ({ signs, targetResponses }) => {
      const responses = Float64Array.from(targetResponses);
      return descend({ signs, squaredNorms }, { responseOf: (i) => responses[i]!, move: (i, step) => addScaled(responses, 0, step, gram, i * count, count) });
    },
  };
}

/**
 * Makes points of their coordinates: for more points than coordinates.
 *
 * @param rows  Shape (count, width).
 */
export function pointsByRows(rows: Float64Array, count: number, width: number): ConePoints {
  const squaredNorms = Float64Array.from({ length: count }, (_, i) => dot(rows, i * width, rows, i * width, width));
  return {
    count,
    squaredNorms,
    gram: (chosen) => gramOfRows(gatherRows(rows, width, chosen), chosen.length, width),
    productsWith: (weights) => {
      const sum = combine(rows, weights, width);
      return Float64Array.from({ length: count }, (_, i) => dot(rows, i * width, sum, 0, width));
    },
    guess: ({ signs, targetResponses }) => {
      const sum = new Float64Array(width);
      return descend({ signs, squaredNorms }, {
        responseOf: (i) => targetResponses[i]! + dot(rows, i * width, sum, 0, width), move: (i, step) => addScaled(sum, 0, step, rows, i * width, width),
      });
    },
  };
}

/** sum_i weights_i row_i, shape (width). */
export function combine(rows: Float64Array, weights: Float64Array, width: number): Float64Array {
  const sum = new Float64Array(width);
  for (let i = 0; i < weights.length; i++) if (weights[i] !== 0) addScaled(sum, 0, weights[i]!, rows, i * width, width);
  return sum;
}

const mostSweeps = 30;
/** Enough is guessed when at most this fraction of the points with weight changed in a sweep. */
const settled = 0.01;

/** Dual coordinate descent [hsieh2008dual] over all points. */
function descend(
  { signs, squaredNorms }: { signs: Float64Array; squaredNorms: Float64Array }, { responseOf, move }: { responseOf: (i: number) => number; move: (i: number, step: number) => void },
): Float64Array {
  const weights = new Float64Array(signs.length);
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let [changed, size] = [0, 0];
    for (let i = 0; i < weights.length; i++) {
      if (squaredNorms[i] === 0) continue;
      const old = weights[i]!;
      const response = responseOf(i);
      if (old === 0 && signs[i]! * response >= 0) continue;
      const free = old - response / squaredNorms[i]!;
      const next = signs[i]! * free > 0 ? free : 0;
      size++;
      if ((old === 0) !== (next === 0)) changed++;
      weights[i] = next;
      move(i, next - old);
    }
    if (changed <= settled * size) break;
  }
  return weights;
}
