import type { RandomStream } from '@memgeo/numerics';

/**
 * Shuffles labels among their examples, so that the number of each label stays.
 *
 * With fixed points forbidden no example keeps its label: those that did after the shuffle swap with random others until none
 * is left. All derangements can come out, though not exactly equally often.
 *
 * @param labels  True label of each example.
 * @returns assigned label of each example.
 * @throws RangeError if fixed points are forbidden and one label has more than half of the examples.
 */
export function permuteAmong(labels: readonly number[], options: { fixedPoints: 'allow' | 'forbid'; random: RandomStream }): number[] {
  const { fixedPoints, random } = options;
  const assigned = random.shuffle([...labels]);
  if (fixedPoints === 'allow') return assigned;
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  for (const [label, count] of counts) {
    if (2 * count > labels.length) throw new RangeError(`no permutation without fixed points exists: ${count} of the ${labels.length} examples to permute have label ${label}. Take more classes, or fixedPoints: allow.`);
  }
  for (let i = 0; i < labels.length; i++) {
    while (assigned[i] === labels[i]) {
      const j = random.nextInteger(labels.length);
      if (assigned[j] === labels[i] || assigned[i] === labels[j]) continue;
      const label = assigned[i]!;
      assigned[i] = assigned[j]!;
      assigned[j] = label;
    }
  }
  return assigned;
}
