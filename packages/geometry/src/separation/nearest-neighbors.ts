import { crossProducts } from '@memgeo/numerics';

/** Examples whose distances are taken at once. */
const blockSize = 512;

/**
 * Finds for each example the nearest training examples, itself excluded, by Euclidean distance.
 *
 * Distances come from inner products, block by block; among training examples each is taken once. Equal distances are ordered by
 * index.
 *
 * @param rows  Shape (examples, features), training examples first; centered, so that rounding stays small.
 * @param options.neighbors  k, below the number of training examples.
 * @returns indices of training examples, nearest first, shape (examples, k).
 */
export function nearestNeighbors(rows: Float64Array, { examples, features, trained, neighbors }: {
  examples: number; features: number; trained: number; neighbors: number;
}): Int32Array {
  const squares = new Float64Array(examples);
  for (let i = 0; i < examples; i++) for (let j = 0; j < features; j++) squares[i]! += rows[i * features + j]! ** 2;
  const nearest = new Int32Array(examples * neighbors).fill(-1);
  const distances = new Float64Array(examples * neighbors).fill(Infinity);
  const offer = (example: number, candidate: number, distance: number) => {
    const first = example * neighbors;
    let place = first + neighbors - 1;
    if (!isCloser(distance, candidate, distances[place]!, nearest[place]!)) return;
    for (; place > first && isCloser(distance, candidate, distances[place - 1]!, nearest[place - 1]!); place--) {
      distances[place] = distances[place - 1]!;
      nearest[place] = nearest[place - 1]!;
    }
    distances[place] = distance;
    nearest[place] = candidate;
  };
  const blockAt = (start: number, end: number) => rows.subarray(start * features, end * features);
  let end = 0;
  for (let start = 0; start < examples; start = end) {
    const isTraining = start < trained;
    // No block holds training examples and others.
    end = Math.min(start + blockSize, isTraining ? trained : examples);
    for (let other = 0; other < (isTraining ? end : trained); other += blockSize) {
      const otherEnd = Math.min(other + blockSize, trained);
      const products = crossProducts(blockAt(start, end), end - start, blockAt(other, otherEnd), otherEnd - other, features);
      for (let i = start; i < end; i++) {
        for (let j = other; j < (isTraining ? Math.min(otherEnd, i) : otherEnd); j++) {
          const distance = squares[i]! + squares[j]! - 2 * products[(i - start) * (otherEnd - other) + j - other]!;
          offer(i, j, distance);
          if (isTraining) offer(j, i, distance);
        }
      }
    }
  }
  return nearest;
}

/**
 * Lets neighbors vote; of classes with equal votes, the one that has the nearest neighbor wins.
 *
 * @param nearest  Indices of training examples, nearest first, shape (examples, neighbors).
 * @param labels  Class of each training example as an index.
 * @returns the class of each example, shape (examples).
 */
export function voteOfNeighbors(nearest: Int32Array, { neighbors, labels, classCount }: { neighbors: number; labels: Int32Array; classCount: number }): Int32Array {
  const votes = new Int32Array(nearest.length / neighbors);
  const counts = new Int32Array(classCount);
  for (let example = 0; example < votes.length; example++) {
    const own = nearest.subarray(example * neighbors, (example + 1) * neighbors);
    counts.fill(0);
    for (const neighbor of own) counts[labels[neighbor]!]!++;
    const most = Math.max(...counts);
    votes[example] = labels[own.find((neighbor) => counts[labels[neighbor]!] === most)!]!;
  }
  return votes;
}

function isCloser(distance: number, index: number, otherDistance: number, otherIndex: number): boolean {
  return distance < otherDistance || (distance === otherDistance && index < otherIndex);
}
