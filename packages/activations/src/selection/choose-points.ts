import { exampleSets, isInExampleSet, type ExampleSet, type LabelsRow } from '@memgeo/artifacts';
import { randomStream } from '@memgeo/numerics';
import { regularSubgraph } from './regular-subgraph.js';

/** One point of a manifold. */
export type ManifoldPoint = { readonly set: string; readonly manifold: number; readonly exampleId: number };

/**
 * Chooses the points of the manifolds of the four example sets, equally many per manifold; the same for every layer and epoch.
 *
 * `permuted` and `restored` are the same images, grouped by assigned and by true label. Sets without examples are left out.
 *
 * @param options.sets  The sets to choose from; one set more or less leaves the points of the others as they were.
 * @returns points ordered by set, manifold, example.
 * @throws RangeError if a class has fewer than `pointsPerManifold` examples in a set.
 */
export function choosePoints(books: readonly LabelsRow[], options: { classNames: readonly string[]; pointsPerManifold: number; seed: number; sets?: readonly ExampleSet[] }): ManifoldPoint[] {
  const { classNames, pointsPerManifold, seed, sets = exampleSets } = options;
  const stream = (...names: string[]) => randomStream(seed, 'activations/extract', ...names);
  const byClass = (set: 'unpermuted' | 'test') => !sets.includes(set) || books.every((row) => !isInExampleSet(row, set)) ? [] : classNames.flatMap((name, manifold) => {
    const own = books.filter((row) => row.trueLabel === manifold && isInExampleSet(row, set));
    if (own.length < pointsPerManifold) throw new RangeError(tooFew(set, name, own.length, pointsPerManifold));
    return ordered(stream(set, name).shuffle(own.map(({ exampleId }) => exampleId)).slice(0, pointsPerManifold)).map((exampleId) => ({ set, manifold, exampleId }));
  });
  const unpermuted = byClass('unpermuted');
  const pool = sets.includes('permuted') || sets.includes('restored') ? books.filter((row) => isInExampleSet(row, 'permuted')) : [];
  const chosen = choosePermuted(pool, { classNames, pointsPerManifold, random: stream('permuted') });
  const grouped = (set: 'permuted' | 'restored', label: 'from' | 'to') => !sets.includes(set) ? [] : classNames.flatMap((_, manifold) =>
    ordered(chosen.filter((edge) => edge[label] === manifold).map(({ exampleId }) => exampleId)).map((exampleId) => ({ set, manifold, exampleId })));
  return [
    ...unpermuted,
    ...grouped('permuted', 'to'),
    ...grouped('restored', 'from'),
    ...byClass('test'),
  ];
}

function choosePermuted(pool: readonly LabelsRow[], options: { classNames: readonly string[]; pointsPerManifold: number; random: ReturnType<typeof randomStream> }) {
  const { classNames, pointsPerManifold, random } = options;
  if (pool.length === 0) return [];
  const edges = pool.map(({ exampleId, trueLabel, assignedLabel }) => ({ exampleId, from: trueLabel, to: assignedLabel }));
  const attempt = (degree: number) => regularSubgraph(edges, { classCount: classNames.length, degree, random });
  const chosen = attempt(pointsPerManifold);
  if (chosen) return chosen;
  const counts = classNames.map((_, c) => edges.filter(({ from }) => from === c).length);
  const fewest = Math.min(...counts);
  if (fewest < pointsPerManifold) throw new RangeError(tooFew('permuted', classNames[counts.indexOf(fewest)]!, fewest, pointsPerManifold));
  let feasible = pointsPerManifold - 1;
  while (feasible > 0 && !attempt(feasible)) feasible--;
  throw new RangeError(`pointsPerManifold must be at most ${feasible}, or some class would have too few permuted examples by assigned or true label; got ${pointsPerManifold}. With fixedPoints: forbid in dataset/permute every permuted example can be used.`);
}

function tooFew(set: string, className: string, present: number, wanted: number): string {
  return `class "${className}" has ${present} examples in the ${set} set; pointsPerManifold asks for ${wanted}. Lower pointsPerManifold, or take more images per class in dataset/permute.`;
}

function ordered(ids: number[]): number[] {
  return ids.sort((a, b) => a - b);
}
