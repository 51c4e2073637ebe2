import type { SimilarityRow } from '@memgeo/artifacts';
import { averageRepeats } from '../rows/average.js';
import { sortLayers } from '../rows/gather.js';
import { sortSets } from '../rows/sets.js';
import type { Figure, HeatPanel } from './figure.js';
import { mapOf } from './map-values.js';

/** Measures that can be drawn, the best first, and what a reader should know of each. */
const drawable = [
  { name: 'ckaUnbiased', title: 'Centered kernel alignment, unbiased (CKA)', meaning: '1 if both see the same similarities between examples, 0 if what one sees tells nothing of the other.' },
  { name: 'cka', title: 'Centered kernel alignment (CKA)', meaning: '1 if both see the same similarities between examples; unrelated ones come out above 0, the more the fewer the examples.' },
  { name: 'rsa', title: 'Representational similarity (RSA)', meaning: 'rank correlation of the dissimilarities of all pairs of examples; 1 if both order the pairs alike.' },
  { name: 'procrustesSimilarity', title: 'Procrustes similarity', meaning: 'the cosine that the best rotation reaches; 1 if one is a turned and scaled copy of the other.' },
] as const;

/** More sets than these say little more. */
const mostSets = 2;

/**
 * Lays out how alike layers are at the last epoch, and epochs in the last layer, a map of each for up to two example sets.
 *
 * `restored` is left out where there is `permuted`: its images are the same, and labels do not enter.
 *
 * @param rows  Rows of similarity tables; several of one pair are averaged.
 * @returns a figure; undefined if nothing that can be drawn has a value.
 */
export function similarityMaps(rows: readonly SimilarityRow[]): Figure | undefined {
  const measure = drawable.find(({ name }) => rows.some((row) => row.measure === name && row.value !== null && !isDiagonal(row)));
  if (measure === undefined) return undefined;
  const ofMeasure = rows.filter((row) => row.measure === measure.name);
  const present = sortSets(ofMeasure.map((row) => row.set));
  const sets = present.filter((set) => set !== 'restored' || !present.includes('permuted')).slice(0, mostSets);
  const layers = ofMeasure.filter((row) => row.comparison === 'layers');
  const epochs = ofMeasure.filter((row) => row.comparison === 'epochs');
  const lastEpoch = Math.max(...layers.map((row) => row.epoch));
  const lastLayer = sortLayers(epochs).at(-1);
  const panels = [
    ...sets.map((set) => map(layers.filter((row) => row.set === set && row.epoch === lastEpoch), { title: `Layers at epoch ${lastEpoch}, ${set}`, axis: 'Layer', label: measure.title })),
    ...sets.map((set) => map(epochs.filter((row) => row.set === set && row.layer === lastLayer), { title: `Epochs of ${lastLayer}, ${set}`, axis: 'Epoch', label: measure.title })),
  ].filter((panel) => panel !== undefined);
  if (panels.length === 0) return undefined;
  const examples = Math.min(...ofMeasure.map((row) => row.examples));
  return {
    name: 'similarity-maps',
    title: 'Which layers and epochs see the examples alike?',
    caption: `${measure.title} of the same ${examples} examples: ${measure.meaning} Labels do not enter. Standard errors, other epochs and layers, and other measures are in tables/similarity.csv.`,
    panels,
  };
}

function isDiagonal(row: SimilarityRow): boolean {
  return row.layer === row.otherLayer && row.epoch === row.otherEpoch;
}

/** A map from rows that name each pair once; undefined if no pair of different places has a value. */
function map(rows: readonly SimilarityRow[], { title, axis, label }: { title: string; axis: 'Layer' | 'Epoch'; label: string }): HeatPanel | undefined {
  if (!rows.some((row) => row.value !== null && !isDiagonal(row))) return undefined;
  const sides = rows.map((row) => (axis === 'Layer' ? [row.layer, row.otherLayer] : [String(row.epoch), String(row.otherEpoch)]) as [string, string]);
  const places = axis === 'Layer'
    ? sortLayers([...rows, ...rows.map((row) => ({ layer: row.otherLayer, layerIndex: row.otherLayerIndex }))])
    : [...new Set(sides.flat())].sort((a, b) => Number(a) - Number(b));
  const found = places.map(() => places.map((): { value: number }[] => []));
  rows.forEach(({ value }, index) => {
    if (value === null) return;
    const [i, j] = sides[index]!.map((place) => places.indexOf(place)) as [number, number];
    for (const cell of i === j ? [found[i]![j]!] : [found[i]![j]!, found[j]![i]!]) cell.push({ value });
  });
  const axisLabel = axis === 'Layer' ? 'Layer, input side first' : 'Epoch';
  return { kind: 'heat', title, label, rows: places, rowLabel: axisLabel, columns: places, columnLabel: axisLabel, domain: [0, 1], ...mapOf(found.map((row) => row.map(averageRepeats))) };
}
