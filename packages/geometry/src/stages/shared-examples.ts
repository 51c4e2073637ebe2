import type { RandomStream } from '@memgeo/numerics';
import { StageError } from '@memgeo/stage';
import type { ActivationSet } from './activation-layers.js';

/** The examples of one set in one file: a key per row, or their classes alone if the file has no ids. */
export type ExampleKeys = { readonly hasIds: boolean; readonly keys: readonly string[] };

/** Names the rows of a set by example and class; by class alone without ids. */
export function exampleKeys({ points: { manifoldOf, manifoldNames }, exampleIds }: ActivationSet): ExampleKeys {
  const classOf = (row: number): string => manifoldNames?.[manifoldOf[row]!] ?? String(manifoldOf[row]!);
  const rows = Array.from({ length: manifoldOf.length }, (_, row) => row);
  return { hasIds: exampleIds !== undefined, keys: rows.map((row) => (exampleIds ? `${exampleIds[row]}:${classOf(row)}` : classOf(row))) };
}

/**
 * Chooses examples of a set that every file has, and finds their rows in each.
 *
 * With ids, rows are matched by example and class, and what some file lacks is left out. Without, by position, so every file must have
 * the same classes in the same order.
 *
 * @param files  The set's examples by file; the name is for messages.
 * @returns rows of the chosen examples in each file, in one random order; and how many examples are shared, of how many at most.
 * @throws StageError if they do not fit.
 */
export function chooseSharedExamples(
  files: readonly { readonly name: string; readonly examples: ExampleKeys }[], { caller, set, maxExamples, random }: { caller: string; set: string; maxExamples: number; random: RandomStream },
): { rows: Int32Array[]; shared: number; most: number } {
  const first = files[0]!;
  const other = files.find(({ examples }) => examples.hasIds !== first.examples.hasIds);
  if (other) {
    const [withIds, without] = first.examples.hasIds ? [first, other] : [other, first];
    throw new StageError(`${caller}: all activations of set "${set}" must have a column exampleId, or none; ${withIds.name} has it, ${without.name} does not. Rows can't be matched.`);
  }
  const placesOf = files.map(({ name, examples: { hasIds, keys } }) => {
    if (!hasIds) return undefined;
    const places = new Map(keys.map((key, row) => [key, row]));
    if (places.size < keys.length) throw new StageError(`${caller}: ${name} must have each example of set "${set}" once under its class; ${keys.length - places.size} of ${keys.length} rows repeat one.`);
    return places;
  });
  if (!first.examples.hasIds) {
    for (const { name, examples: { keys } } of files) {
      if (keys.length !== first.examples.keys.length) {
        throw new StageError(`${caller}: without a column exampleId, set "${set}" must have as many rows everywhere, in one order; ${first.name} has ${first.examples.keys.length}, ${name} has ${keys.length}.`);
      }
      const row = keys.findIndex((key, i) => key !== first.examples.keys[i]);
      if (row >= 0) throw new StageError(`${caller}: without a column exampleId, set "${set}" must have the same classes in the same order everywhere; row ${row} is of class ${first.examples.keys[row]} in ${first.name}, of ${keys[row]} in ${name}.`);
    }
  }
  const candidates = [...first.examples.keys.keys()].filter((row) => placesOf.every((places) => places === undefined || places.has(first.examples.keys[row]!)));
  if (candidates.length < 2) throw new StageError(`${caller}: at least 2 examples of set "${set}" must be in every layer and epoch, to be compared; ${candidates.length} are. Give the extraction the same seed everywhere.`);
  const chosen = random.shuffle([...candidates]).slice(0, maxExamples);
  return {
    rows: placesOf.map((places) => Int32Array.from(chosen, (row) => (places ? places.get(first.examples.keys[row]!)! : row))),
    shared: candidates.length,
    most: Math.max(...files.map(({ examples }) => examples.keys.length)),
  };
}
