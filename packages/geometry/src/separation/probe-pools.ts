import type { LabeledPoints } from '../points/labeled-points.js';
import type { RowSource } from './compact-rows.js';

/** The points of one example set in one layer, with the example behind each if it is known. */
export type ProbeSet = { readonly set: string; readonly points: LabeledPoints; readonly exampleIds?: ArrayLike<number> | undefined };

/** Examples on which probes are trained under one or two labelings, and the sets on which they are evaluated. */
export type ProbePool = RowSource & {
  /** The first examples are for training. */
  readonly trained: number;
  /** Classes by index. */
  readonly classes: readonly number[];
  /** Index of the class of each training example. */
  readonly labelings: readonly { readonly name: Labeling; readonly labels: Int32Array }[];
  /** The example of each row, and its class in the set as index. */
  readonly evaluated: readonly { readonly set: string; readonly exampleOf: Int32Array; readonly labels: Int32Array }[];
};

export type Labeling = 'Assigned' | 'True';

/** The sets that give training examples and their labels. */
const trainingSets: { readonly [labeling in Labeling]: readonly string[] } = { Assigned: ['unpermuted', 'permuted'], True: ['unpermuted', 'restored'] };

/**
 * Decides on which examples probes are trained: on assigned labels those of `unpermuted` and `permuted`, on true labels those of
 * `unpermuted` and `restored`; all sets evaluate them. `permuted` and `restored` hold the same images, which are one example
 * here, so that none is held out under one label while it trains under the other. Of sets without these names each trains its own
 * probe, on its own labels, called true.
 *
 * @returns the pools, or the reason why there are none.
 * @throws RangeError if one exampleId stands for different points, or twice among the training examples of a labeling.
 */
export function probePools(sets: readonly ProbeSet[]): { pools: readonly ProbePool[] } | { reason: string } {
  const has = (name: string) => sets.some(({ set }) => set === name);
  if (!has('unpermuted') && !has('permuted') && !has('restored')) return { pools: sets.map((own) => makePool([own], [{ name: 'True', training: [own] }])) };
  if (has('permuted') && has('restored') && sets.some(({ exampleIds }) => exampleIds === undefined)) {
    return { reason: 'There is no column exampleId to tell which examples of permuted and restored are the same.' };
  }
  const labelings: { name: Labeling; training: ProbeSet[] }[] = [];
  for (const name of ['Assigned', 'True'] as const) {
    // Without a permuted set the assigned labels are the true ones.
    if (name === 'Assigned' ? has('permuted') : has('restored') || !has('permuted')) labelings.push({ name, training: sets.filter(({ set }) => trainingSets[name].includes(set)) });
  }
  const ids = labelings.map(({ training }) => training.flatMap(({ exampleIds }) => Array.from(exampleIds ?? [])).sort((a, b) => a - b).join());
  const isShared = ids.every((list) => list === ids[0]);
  return { pools: isShared ? [makePool(sets, labelings)] : labelings.map((labeling) => makePool(sets, [labeling])) };
}

function makePool(sets: readonly ProbeSet[], labelings: readonly { name: Labeling; training: readonly ProbeSet[] }[]): ProbePool {
  const rows: ArrayLike<number>[] = [];
  const known = new Map<number, { index: number; set: string }>();
  const width = sets[0]!.points.shape[1];
  const indexOf = ({ set, points, exampleIds }: ProbeSet): Int32Array => Int32Array.from({ length: points.shape[0] }, (_, row) => {
    const values = points.data.subarray(row * width, (row + 1) * width);
    const id = exampleIds?.[row];
    const other = id === undefined ? undefined : known.get(id);
    if (other === undefined) {
      if (id !== undefined) known.set(id, { index: rows.length, set });
      return rows.push(values) - 1;
    }
    const first = rows[other.index]!;
    if (values.some((value, j) => value !== first[j])) {
      throw new RangeError(`probePools: an exampleId must stand for the same point in every set; ${id} differs between ${other.set} and ${set}. Number the examples of all sets in one sequence.`);
    }
    return other.index;
  });
  const { training } = labelings[0]!;
  const examplesOf = new Map(training.map((set) => [set, indexOf(set)]));
  const trained = rows.length;
  for (const set of sets) if (!examplesOf.has(set)) examplesOf.set(set, indexOf(set));
  const classes = [...new Set(sets.flatMap(({ points }) => Array.from(points.manifoldOf)))].sort((a, b) => a - b);
  const classIndex = new Map(classes.map((label, index) => [label, index]));
  const labelsOf = ({ points }: ProbeSet): Int32Array => Int32Array.from(points.manifoldOf, (label) => classIndex.get(label)!);
  return {
    count: rows.length, width, rowAt: (index) => rows[index]!, trained, classes,
    labelings: labelings.map(({ name, training }) => ({ name, labels: joinLabels(training.map((set) => ({ set: set.set, exampleOf: examplesOf.get(set)!, labels: labelsOf(set) })), trained) })),
    evaluated: sets.map((set) => ({ set: set.set, exampleOf: examplesOf.get(set)!, labels: labelsOf(set) })),
  };
}

function joinLabels(training: ProbePool['evaluated'], trained: number): Int32Array {
  const joined = new Int32Array(trained).fill(-1);
  for (const { set, exampleOf, labels } of training) {
    exampleOf.forEach((example, row) => {
      if (joined[example] !== -1) throw new RangeError(`probePools: an example must stand once among the training examples; row ${row} of ${set} is there before.`);
      joined[example] = labels[row]!;
    });
  }
  return joined;
}
