import { outerLayers } from '../figures/geometry-by-epoch.js';
import { sortLayers } from '../rows/gather.js';
import type { Measurement } from '../rows/summarize.js';
import { formatChange, formatValue, type Claim } from './claim.js';

/** A capacity above this many times 2/M, and by more than two standard errors, counts as above chance. */
const aboveChance = 1.2;
/** A change beyond this fraction counts as a change. */
const clearChange = 0.15;

/**
 * Decides, from the geometry, where and when the permuted labels show.
 *
 * @param measurements  Summarized rows.
 * @param options.bestEpoch  Epoch of the best test accuracy; the nearest measured epoch stands for it.
 * @returns claims `startsAtChance`, `risesLateAndDeep`, `tightensInLastLayer`, `sparesFirstLayer` and `losesTrueLabels`.
 */
export function geometryClaims(measurements: readonly Measurement[], { bestEpoch }: { bestEpoch?: number | undefined } = {}): Claim[] {
  return [startsAtChance(measurements), risesLateAndDeep(measurements), ...radiusAndDimension(measurements), losesTrueLabels(measurements, bestEpoch)];
}

function startsAtChance(measurements: readonly Measurement[]): Claim {
  const base = { name: 'startsAtChance', aspect: 'where' as const, expectation: 'Before training, the permuted set has chance capacity, 2/M, in every hidden layer (within 10 %).' };
  const initial = capacities(measurements).filter((row) => row.epoch === 0 && row.layer !== 'input');
  if (initial.length === 0) return { ...base, verdict: 'unknown', finding: 'The permuted set has no capacity at epoch 0.' };
  const furthest = initial.reduce((worst, row) => (Math.abs(ratio(row) - 1) > Math.abs(ratio(worst) - 1) ? row : worst));
  return {
    ...base,
    verdict: Math.abs(ratio(furthest) - 1) < 0.1 ? 'holds' : 'fails',
    finding: `At epoch 0 the capacity of the permuted set is furthest from chance (${formatValue(chanceOf(furthest))}) in ${furthest.layer}: ${formatValue(furthest.value!)}, ${formatChange(1, ratio(furthest))}.`,
  };
}

function risesLateAndDeep(measurements: readonly Measurement[]): Claim {
  const base = { name: 'risesLateAndDeep', aspect: 'where' as const, expectation: `The capacity of the permuted set rises above chance (by 20 % and two standard errors) in the last hidden layer and stays at chance in the first.` };
  const rows = capacities(measurements).filter((row) => row.epoch !== null);
  const [first, last] = [outerLayers(rows)[0], outerLayers(rows).at(-1)];
  if (first === undefined || last === undefined) return { ...base, verdict: 'unknown', finding: 'The permuted set has no capacities at known epochs.' };
  const risen = rows.filter(isAboveChance).sort((a, b) => a.epoch! - b.epoch! || (b.layerIndex ?? 0) - (a.layerIndex ?? 0));
  if (risen.length === 0) return { ...base, verdict: 'fails', finding: 'The capacity of the permuted set is nowhere clearly above chance.' };
  const end = Math.max(...rows.map((row) => row.epoch!));
  const atEnd = rows.filter((row) => row.epoch === end);
  const layers = sortLayers(risen.filter((row) => row.epoch === end));
  const lastRow = atEnd.find((row) => row.layer === last);
  const finding = `The capacity of the permuted set is first clearly above chance at epoch ${risen[0]!.epoch}, in ${risen[0]!.layer}; at epoch ${end} ${layers.length === 0 ? 'in no layer' : `in ${listWords(layers)}`}${lastRow === undefined ? '' : ` (${last}: ${formatValue(ratio(lastRow))} times chance)`}.`;
  if (first === last) return { ...base, verdict: 'unknown', finding: `${finding} With one hidden layer, first and last can't be compared.` };
  return { ...base, verdict: layers.includes(last) && !layers.includes(first) ? 'holds' : 'fails', finding };
}

function radiusAndDimension(measurements: readonly Measurement[]): Claim[] {
  const permuted = measurements.filter((row) => row.set === 'permuted' && row.epoch !== null && row.value !== null);
  const hidden = outerLayers(permuted);
  const change = (measure: string, layer: string | undefined): { from: Measurement; to: Measurement } | undefined => {
    const rows = permuted.filter((row) => row.measure === measure && row.layer === layer).sort((a, b) => a.epoch! - b.epoch!);
    return rows.length < 2 ? undefined : { from: rows[0]!, to: rows.at(-1)! };
  };
  const claim = (name: string, aspect: Claim['aspect'], layer: string | undefined, expectation: string, test: (relative: number) => boolean): Claim => {
    const radius = change('radius', layer);
    const dimension = change('dimension', layer);
    if (layer === undefined || radius === undefined || dimension === undefined) return { name, aspect, expectation, verdict: 'unknown', finding: 'Radius and dimension of the permuted set are not known there at two epochs.' };
    const isTrue = [radius, dimension].every(({ from, to }) => test(to.value! / from.value! - 1));
    const words = (title: string, { from, to }: { from: Measurement; to: Measurement }): string => `${title} from ${formatValue(from.value!)} to ${formatValue(to.value!)} (${formatChange(from.value!, to.value!)})`;
    return { name, aspect, expectation, verdict: isTrue ? 'holds' : 'fails', finding: `Permuted set in ${layer}, epoch ${radius.from.epoch} to ${radius.to.epoch}: ${words('radius', radius)}, ${words('dimension', dimension)}.` };
  };
  const spared = 'In the first hidden layer, radius and dimension of the permuted set change by less than 15 %.';
  const first = hidden.length < 2
    ? { name: 'sparesFirstLayer', aspect: 'where' as const, expectation: spared, verdict: 'unknown' as const, finding: 'There is no first hidden layer besides the last one.' }
    : claim('sparesFirstLayer', 'where', hidden[0], spared, (relative) => Math.abs(relative) < clearChange);
  return [
    claim('tightensInLastLayer', 'why', hidden.at(-1), 'In the last hidden layer, radius and dimension of the permuted set fall by more than 15 %.', (relative) => relative < -clearChange),
    first,
  ];
}

function losesTrueLabels(measurements: readonly Measurement[], bestEpoch: number | undefined): Claim {
  const base = { name: 'losesTrueLabels', aspect: 'why' as const, expectation: 'In the last hidden layer, the capacity of the restored set falls by more than 15 % after the best test epoch.' };
  const restored = measurements.filter((row) => row.set === 'restored' && row.measure === 'capacity' && row.epoch !== null && row.value !== null);
  const last = outerLayers(restored).at(-1);
  const rows = restored.filter((row) => row.layer === last).sort((a, b) => a.epoch! - b.epoch!);
  if (rows.length < 2 || bestEpoch === undefined) return { ...base, verdict: 'unknown', finding: 'The capacity of the restored set is not known at two epochs.' };
  const best = rows.reduce((nearest, row) => (Math.abs(row.epoch! - bestEpoch) < Math.abs(nearest.epoch! - bestEpoch) ? row : nearest));
  const end = rows.at(-1)!;
  if (best === end) return { ...base, verdict: 'unknown', finding: 'The best test epoch is the last one measured.' };
  return {
    ...base,
    verdict: end.value! < (1 - clearChange) * best.value! ? 'holds' : 'fails',
    finding: `Capacity of the restored set in ${last}: ${formatValue(best.value!)} at epoch ${best.epoch}, ${formatValue(end.value!)} at epoch ${end.epoch} (${formatChange(best.value!, end.value!)}).`,
  };
}

/** Capacities of the permuted set that have a value. */
function capacities(measurements: readonly Measurement[]): Measurement[] {
  return measurements.filter((row) => row.set === 'permuted' && row.measure === 'capacity' && row.value !== null && row.pointsPerManifold > 0);
}

function chanceOf(row: Measurement): number {
  return 2 / row.pointsPerManifold;
}

function ratio(row: Measurement): number {
  return row.value! / chanceOf(row);
}

function isAboveChance(row: Measurement): boolean {
  return row.value! > aboveChance * chanceOf(row) && row.value! - 2 * (row.spread ?? 0) > chanceOf(row);
}

function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
}
