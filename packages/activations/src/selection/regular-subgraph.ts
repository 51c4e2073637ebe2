import type { RandomStream } from '@memgeo/numerics';

/** An example as an edge from its true to its assigned class. */
export type LabelEdge = { readonly exampleId: number; readonly from: number; readonly to: number };

/**
 * Chooses examples at random so that each class occurs exactly `degree` times as true and `degree` times as assigned label.
 *
 * A flow of `degree` into each true class and out of each assigned class, over the pairs of classes; a random choice fills it as
 * far as it goes, and augmenting paths complete it. If the labels are a permutation without fixed points that leaves every class
 * its number, such a choice exists for every degree up to that number (König).
 *
 * @returns the chosen edges, or undefined if there is no such choice.
 */
export function regularSubgraph(edges: readonly LabelEdge[], options: { classCount: number; degree: number; random: RandomStream }): LabelEdge[] | undefined {
  const { classCount, degree, random } = options;
  const free = new Int32Array(classCount * classCount);
  const used = new Int32Array(classCount * classCount);
  const [sent, received] = [new Int32Array(classCount), new Int32Array(classCount)];
  const order = random.shuffle([...edges]);
  for (const { from, to } of order) {
    if (sent[from]! < degree && received[to]! < degree) {
      used[from * classCount + to]!++;
      sent[from]!++;
      received[to]!++;
    } else free[from * classCount + to]!++;
  }
  for (let from = 0; from < classCount; from++) {
    while (sent[from]! < degree) {
      if (!augment(from, { free, used, received, classCount, degree })) return undefined;
      sent[from]!++;
    }
  }
  return order.filter(({ from, to }) => used[from * classCount + to]!-- > 0);
}

/** Finds, breadth first, a path from a true class to an assigned class with room, and shifts one unit along it. */
function augment(
  start: number, flow: { free: Int32Array; used: Int32Array; received: Int32Array; classCount: number; degree: number },
): boolean {
  const { free, used, received, classCount, degree } = flow;
  const [fromOf, toOf] = [new Int32Array(classCount).fill(-1), new Int32Array(classCount).fill(-1)];
  const queue = [start];
  const seen = new Set(queue);
  for (const from of queue) {
    for (let to = 0; to < classCount; to++) {
      if (fromOf[to]! >= 0 || free[from * classCount + to] === 0) continue;
      fromOf[to] = from;
      if (received[to]! < degree) {
        received[to]!++;
        shift(to, start, { ...flow, fromOf, toOf });
        return true;
      }
      for (let other = 0; other < classCount; other++) {
        if (seen.has(other) || used[other * classCount + to] === 0) continue;
        seen.add(other);
        toOf[other] = to;
        queue.push(other);
      }
    }
  }
  return false;
}

function shift(end: number, start: number, path: { free: Int32Array; used: Int32Array; classCount: number; fromOf: Int32Array; toOf: Int32Array }): void {
  const { free, used, classCount, fromOf, toOf } = path;
  for (let to = end; ;) {
    const from = fromOf[to]!;
    free[from * classCount + to]!--;
    used[from * classCount + to]!++;
    if (from === start) return;
    to = toOf[from]!;
    used[from * classCount + to]!--;
    free[from * classCount + to]!++;
  }
}
