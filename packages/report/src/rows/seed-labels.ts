import type { Coordinates } from './gather.js';

/** Axes with a meaning of their own, whatever they go in step with. */
const ownMeaning = ['seed', 'epoch', 'width'];

/**
 * Names the axes that go one-to-one in step with the seed, as by `zip: { seed: [1, 2], name: [a, b] }`: such an axis is a label of the
 * seed and tells no more than the seed does.
 *
 * What goes in step can't be told apart: a setting that changes with every seed counts as a label too, so say where one is left out.
 *
 * @param all  Coordinates of all points; those without a seed tell nothing.
 * @returns names in order; none if there are fewer than two seeds.
 */
export function seedLabels(all: readonly (Coordinates | undefined)[]): string[] {
  const seeded = all.filter((coordinates): coordinates is Coordinates => coordinates?.seed !== undefined);
  const axes = [...new Set(seeded.flatMap((coordinates) => Object.keys(coordinates)))].filter((axis) => !ownMeaning.includes(axis)).sort();
  if (new Set(seeded.map(({ seed }) => seed)).size < 2) return [];
  return axes.filter((axis) => {
    const pairs = seeded.filter((coordinates) => coordinates[axis] !== undefined).map((coordinates) => [coordinates.seed, coordinates[axis]] as const);
    const count = new Set(pairs.map((pair) => JSON.stringify(pair))).size;
    return count > 1 && new Set(pairs.map(([seed]) => seed)).size === count && new Set(pairs.map(([, value]) => value)).size === count;
  });
}

/** The coordinates without some axes. */
export function withoutAxes(coordinates: Coordinates, axes: readonly string[]): Coordinates {
  return axes.length === 0 ? coordinates : Object.fromEntries(Object.entries(coordinates).filter(([axis]) => !axes.includes(axis)));
}
