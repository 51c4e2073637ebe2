import type { RandomStream } from '@memgeo/numerics';

/** Two labels per item, shape (items,) each, integers from 0. */
export type LabelPairs = { readonly first: ArrayLike<number>; readonly second: ArrayLike<number> };

/**
 * Divides items into parts of about equal size in which each label of either kind occurs about equally often.
 *
 * Seen as edges from first to second label, items are a bipartite multigraph and parts are colors. Parts are taken in pairs, and the
 * edges of both recolored alternately along trails that use each edge once, until no label's counts differ by more than 1
 * between any two parts; such a coloring exists for every number of parts [dewerra1971balanced].
 *
 * @param count  Number of parts, at least 1.
 * @param random  Decides which items stand together.
 * @returns the part of each item, shape (items,), in [0, count). Counts of a label differ by at most 1 between parts.
 * @throws RangeError if the labels differ in number or count is not a positive integer.
 */
export function equitableParts({ first, second }: LabelPairs, count: number, random: RandomStream): Int32Array {
  if (first.length !== second.length) throw new RangeError(`equitableParts: each item must have two labels; got ${first.length} first and ${second.length} second ones.`);
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`equitableParts: count must be a positive integer; got ${count}.`);
  const order = random.shuffle(Array.from({ length: first.length }, (_, item) => item)).sort((a, b) => first[a]! - first[b]! || second[a]! - second[b]!);
  const partOf = new Int32Array(first.length);
  order.forEach((item, position) => { partOf[item] = position % count; });
  const firstCount = order.reduce((largest, item) => Math.max(largest, first[item]! + 1), 0);
  const ends = (item: number) => [first[item]!, firstCount + second[item]!] as const;
  const members = Array.from({ length: count }, (_, part) => order.filter((item) => partOf[item] === part));
  for (let isSettled = false; !isSettled;) {
    isSettled = true;
    for (let a = 0; a < count; a++) {
      for (let b = a + 1; b < count; b++) {
        if (isEven(members[a]!, members[b]!, ends)) continue;
        isSettled = false;
        [members[a], members[b]] = splitAlternately([...members[a]!, ...members[b]!], ends);
      }
    }
  }
  members.forEach((items, part) => items.forEach((item) => { partOf[item] = part; }));
  return partOf;
}

type Ends = (item: number) => readonly [number, number];

/** Whether no label's counts differ by more than 1. */
function isEven(a: readonly number[], b: readonly number[], ends: Ends): boolean {
  const excess = new Map<number, number>();
  for (const [items, sign] of [[a, 1], [b, -1]] as const) {
    for (const item of items) for (const label of ends(item)) excess.set(label, (excess.get(label) ?? 0) + sign);
  }
  return [...excess.values()].every((difference) => Math.abs(difference) <= 1);
}

/** Walks trails from labels of odd degree, then closed ones, and gives their edges to two parts in turn. */
function splitAlternately(items: readonly number[], ends: Ends): [number[], number[]] {
  const open = new Map<number, number[]>();
  for (const item of items) {
    for (const label of ends(item)) {
      if (!open.has(label)) open.set(label, []);
      open.get(label)!.push(item);
    }
  }
  const isUsed = new Set<number>();
  const parts: [number[], number[]] = [[], []];
  const walk = (start: number) => {
    let label = start;
    // The smaller part begins, so that sizes stay equal up to 1.
    let side = parts[0].length <= parts[1].length ? 0 : 1;
    for (;;) {
      const edges = open.get(label)!;
      while (edges.length > 0 && isUsed.has(edges.at(-1)!)) edges.pop();
      const item = edges.pop();
      if (item === undefined) return;
      isUsed.add(item);
      parts[side]!.push(item);
      side = 1 - side;
      const [from, to] = ends(item);
      label = label === from ? to : from;
    }
  };
  const odd = [...open.keys()].filter((label) => open.get(label)!.length % 2 === 1);
  for (const label of odd) if (open.get(label)!.filter((item) => !isUsed.has(item)).length % 2 === 1) walk(label);
  for (const label of open.keys()) while (open.get(label)!.some((item) => !isUsed.has(item))) walk(label);
  return parts;
}
