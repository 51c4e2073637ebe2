import { randomStream } from '@memgeo/numerics';
import { permuteAmong } from './permute-among.js';

/** What was chosen from an image set, and which labels training will see. */
export type Books = {
  /** Training examples: row in the source, true and assigned class (as positions in `classes`), and whether it was drawn for permutation. */
  readonly train: readonly BookEntry[];
  readonly test: readonly BookEntry[];
};
export type BookEntry = { readonly sourceRow: number; readonly trueLabel: number; readonly assignedLabel: number; readonly isPermuted: boolean };

export type BooksOptions = {
  /** Source classes to keep, in the order of the new labels. */
  readonly classes: readonly number[];
  /** Names of those classes, for streams and messages. */
  readonly classNames: readonly string[];
  /** Images per class; all that there are if undefined. */
  readonly trainPerClass: number | undefined;
  readonly testPerClass: number | undefined;
  /** Fraction of each class whose labels are permuted, 0 to 1. */
  readonly permutedFraction: number;
  /** Whether a permuted label may happen to be the true one. */
  readonly fixedPoints: 'allow' | 'forbid';
  readonly seed: number;
};

/**
 * Chooses examples and permutes labels, as in [stephenson2021geometry, fig. 1A].
 *
 * The permuted fraction is drawn within each class, and the labels of the drawn examples are shuffled among them, so that every
 * class keeps its number of examples. Each class has its own stream of choice: another class more or less leaves the rest.
 *
 * @param source.train  True class of each training row.
 * @param source.test  True class of each held-out row; if undefined, test examples are taken from the training rows first.
 * @throws RangeError if a class has too few examples, or a derangement is impossible.
 */
export function keepBooks(source: { train: Int32Array; test: Int32Array | undefined }, options: BooksOptions): Books {
  const { classes, classNames, trainPerClass, testPerClass, permutedFraction, fixedPoints, seed } = options;
  const stream = (...names: string[]) => randomStream(seed, 'dataset/permute', ...names);
  const train: { sourceRow: number; trueLabel: number; isPermuted: boolean }[] = [];
  const test: BookEntry[] = [];
  const [trainRows, testRows] = [rowsByClass(source.train), source.test && rowsByClass(source.test)];
  classes.forEach((sourceClass, label) => {
    const name = classNames[label]!;
    let pool = stream('train', name).shuffle([...(trainRows.get(sourceClass) ?? [])]);
    const held = testRows ? stream('test', name).shuffle([...(testRows.get(sourceClass) ?? [])]) : pool;
    const testCount = testPerClass ?? (testRows ? held.length : 0);
    requireEnough(held.length, testCount, { name, parameter: 'testPerClass', kind: 'test' });
    test.push(...held.slice(0, testCount).map((sourceRow) => ({ sourceRow, trueLabel: label, assignedLabel: label, isPermuted: false })));
    if (!testRows) pool = pool.slice(testCount);
    const trainCount = trainPerClass ?? pool.length;
    requireEnough(pool.length, trainCount, { name, parameter: 'trainPerClass', kind: testRows ? 'training' : 'training (after those held out for test)' });
    const permutedCount = Math.round(permutedFraction * trainCount);
    // The pool is in random order already, so the first are a random choice.
    train.push(...pool.slice(0, trainCount).map((sourceRow, i) => ({ sourceRow, trueLabel: label, isPermuted: i < permutedCount })));
  });
  const drawn = train.flatMap((entry, i) => (entry.isPermuted ? [i] : []));
  const assigned = permuteAmong(drawn.map((i) => train[i]!.trueLabel), { fixedPoints, random: stream('permutation') });
  const labels = train.map(({ trueLabel }) => trueLabel);
  drawn.forEach((i, k) => { labels[i] = assigned[k]!; });
  return { train: train.map((entry, i) => ({ ...entry, assignedLabel: labels[i]! })), test };
}

function rowsByClass(labels: Int32Array): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  labels.forEach((label, row) => {
    const list = rows.get(label);
    if (list) list.push(row);
    else rows.set(label, [row]);
  });
  return rows;
}

function requireEnough(present: number, wanted: number, { name, parameter, kind }: { name: string; parameter: string; kind: string }): void {
  if (wanted > present) throw new RangeError(`class "${name}" has ${present} ${kind} images; ${parameter} asks for ${wanted}. Lower ${parameter} or leave the class out.`);
}
