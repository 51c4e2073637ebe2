import { exampleSets } from '@memgeo/artifacts';

/** The color of each example set, the same in every figure; they stay apart for color-blind readers, and from white and dark pages by a contrast of 3 or more. */
const colors = new Map(Object.entries({
  unpermuted: '#0072B2',
  permuted: '#D08000',
  restored: '#009E73',
  test: '#CC79A7',
}));

/** Colors of sets with a name of the user's, in order of appearance. */
const otherColors = ['#3E95C9', '#D55E00', '#8A8A8A', '#A6761D', '#8B74BF', '#2F8F4E', '#B8537F', '#2E9C8B'];

/** What each example set holds, in a sentence for readers. */
export const setDescriptions: ReadonlyMap<string, string> = new Map(Object.entries({
  unpermuted: 'training images with their true label',
  permuted: 'training images under the wrong label they are trained on',
  restored: 'the permuted images again, under their true label',
  test: 'images that were never trained on, under their true label',
}));

/** Sorts names of example sets: the four known ones in their order, then others by name. */
export function sortSets(sets: Iterable<string>): string[] {
  const rank = (set: string): number => {
    const index = (exampleSets as readonly string[]).indexOf(set);
    return index < 0 ? exampleSets.length : index;
  };
  return [...new Set(sets)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0));
}

/**
 * Returns the color of an example set.
 *
 * @param allSets  Every set of the report, so that a set of the user's keeps one color throughout.
 */
export function setColor(set: string, allSets: readonly string[] = []): string {
  const known = colors.get(set);
  if (known !== undefined) return known;
  const others = allSets.filter((name) => !colors.has(name));
  return otherColors[Math.max(0, others.indexOf(set)) % otherColors.length]!;
}
