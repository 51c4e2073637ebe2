/** Longer names are cut, so that file systems take them. */
const mostCharacters = 80;

/**
 * Makes a name of the user's, as of a measure, part of a file name and an address: letters, digits, _ and - are kept, anything else becomes -.
 *
 * @param ending  What the figure shows, as in by-layer; it keeps the name from being one that Windows reserves.
 */
export function figureName(name: string, ending: string): string {
  return `${name.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, mostCharacters)}-${ending}`;
}

/** Numbers the names that were there before, in capitals or not: some file systems do not tell them apart. */
export function distinctNames<Named extends { readonly name: string }>(figures: readonly Named[]): Named[] {
  const taken = new Set<string>();
  return figures.map((figure) => {
    let name = figure.name;
    for (let next = 2; taken.has(name.toLowerCase()); next++) name = `${figure.name}-${next}`;
    taken.add(name.toLowerCase());
    return { ...figure, name };
  });
}
