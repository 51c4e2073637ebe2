/** A mean over repeats and its uncertainty. */
export type Average = {
  /** Null if no repeat has a value. */
  readonly value: number | null;
  /** Of a single measurement its standard error; of repeats their standard deviation (n - 1). Null if unknown. */
  readonly spread: number | null;
  /** How many repeats have a value. */
  readonly repeats: number;
};

/** Averages repeats of one measurement; those without a finite value are left out. */
export function averageRepeats(repeats: readonly { readonly value: number | null; readonly standardError?: number | null }[]): Average {
  const usable = repeats.filter((repeat) => isKnown(repeat.value));
  const values = usable.map(({ value }) => value!);
  if (values.length === 0) return { value: null, spread: null, repeats: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const error = usable[0]!.standardError;
  const spread = values.length > 1 ? Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)) : isKnown(error) ? error : null;
  return { value: mean, spread, repeats: values.length };
}

/** Parts items by a key, in order of appearance. */
export function groupBy<Item, Key>(items: readonly Item[], key: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

function isKnown(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}
