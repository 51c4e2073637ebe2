/**
 * Faces that stem from one design under several names; a super-family stands in one split only. Each line is a list of
 * beginnings of family names (lower case).
 */
const lineages: readonly (readonly string[])[] = [
  ['arimo', 'cousine', 'tinos', 'liberation'],
  ['bitstream vera', 'dejavu', 'hack'],
  ['carlito', 'lato'],
  ['open sans', 'droid', 'noto'],
  ['karla', 'karmilla'],
  ['monofur', 'eurofurence'],
  ['linux', 'libertin', 'biolinum'],
  ['campania', 'doulos'],
  ['amiri', 'crimson'],
  ['m plus', 'm+', 'mplus', 'migmix'],
  ['yrsa', 'rasa'],
  ['inconsolata', 'ricty'],
];

/** Makers who share Latin glyphs among their families: beginnings of package names. */
const makers: readonly string[] = ['fonts-sil-', 'fonts-gfs-', 'fonts-nanum', 'fonts-monoid', 'fonts-roboto'];

/** A family and the package that it comes from. */
export type FamilyOrigin = { readonly package: string; readonly family: string };

/** Packages that hold families without a common design. */
const collections = new Set(['fonts-georgewilliams', 'fonts-ldco']);

/**
 * Groups families that must not be separated by the split: those that begin with the same word, come from the same
 * package (unless it is a collection), or share a lineage.
 *
 * @returns The name of the super-family of each family, in the order given: the first of its keys in the alphabet.
 */
export function superFamilies(origins: readonly FamilyOrigin[]): string[] {
  const parent = new Map<string, string>();
  const find = (key: string): string => {
    const up = parent.get(key) ?? key;
    return up === key ? key : find(up);
  };
  const keysOf = origins.map(keysOfFamily);
  for (const keys of keysOf) {
    for (const key of keys) {
      const [a, b] = [find(keys[0]!), find(key)].sort();
      parent.set(b!, a!);
    }
  }
  return keysOf.map((keys) => find(keys[0]!));
}

function keysOfFamily({ package: packageName, family }: FamilyOrigin): string[] {
  const name = family.toLowerCase().replace(/^(gfs|adf|new|the|bm|biz)[ _]?/, '');
  const keys = [`word ${/^[^\s\d_-]+/.exec(name)?.[0] ?? name}`];
  if (!collections.has(packageName)) keys.push(`package ${packageName}`);
  for (const maker of makers) if (packageName.startsWith(maker)) keys.push(`maker ${maker}`);
  lineages.forEach((beginnings, i) => {
    if (beginnings.some((beginning) => name.startsWith(beginning))) keys.push(`lineage ${i}`);
  });
  return keys;
}
