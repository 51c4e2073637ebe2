/** How a measure is called, drawn and explained. */
export type MeasureInfo = {
  readonly name: string;
  /** Words for titles and running text. */
  readonly title: string;
  /** Axis label with unit. */
  readonly axis: string;
  /** One line for readers who do not know the measure. */
  readonly meaning: string;
  /** Whether the axis starts at zero. */
  readonly isFromZero: boolean;
};

const known: readonly MeasureInfo[] = [
  {
    name: 'capacity', title: 'Capacity', axis: 'Capacity (classes per feature)', isFromZero: true,
    meaning: 'the largest number of classes per feature at which random two-way groupings of the class manifolds can still be told apart by a plane. Manifolds without any shared structure reach only chance, 2/M with M points each.',
  },
  {
    name: 'radius', title: 'Radius', axis: 'Radius (center norms)', isFromZero: false,
    meaning: 'how far the points that decide the separating plane lie from the center of their class, in units of the center\'s norm. Smaller means more tightly grouped.',
  },
  {
    name: 'dimension', title: 'Dimension', axis: 'Dimension (directions)', isFromZero: false,
    meaning: 'in how many directions the points that decide the plane spread within a class. Smaller means fewer directions in which a class varies where it matters.',
  },
  {
    name: 'centerCorrelation', title: 'Center correlation', axis: 'Center correlation (mean |cosine|)', isFromZero: true,
    meaning: 'mean absolute cosine between the centers of two classes; 0 means that class centers point in unrelated directions.',
  },
  {
    name: 'dimensionPrx', title: 'Dimension, spread about the mean anchor', axis: 'Dimension (directions)', isFromZero: false,
    meaning: 'the dimension by equation 29 of Chung et al. 2018, which is exact for small dimensions too.',
  },
  {
    name: 'centerRank', title: 'Center rank', axis: 'Center rank (directions)', isFromZero: true,
    meaning: 'the number of directions shared by the class centers that were removed before radius and dimension were measured.',
  },
];

/** The measures with figures of their own, in reading order. */
export const mainMeasures = ['capacity', 'radius', 'dimension', 'centerCorrelation'] as const;

/** Describes a measure; one of the user's is shown under its own name. */
export function describeMeasure(name: string): MeasureInfo {
  return known.find((measure) => measure.name === name) ?? { name, title: name, axis: name, meaning: 'a measure this report has no words for.', isFromZero: false };
}

/** Sorts names of measures: known ones in reading order, then others by name. */
export function sortMeasures(names: Iterable<string>): string[] {
  const rank = (name: string): number => {
    const index = known.findIndex((measure) => measure.name === name);
    return index < 0 ? known.length : index;
  };
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0));
}
