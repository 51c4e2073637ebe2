import { NotMeasured } from './not-measured.js';

/** A number, its 95 % interval, and what it was measured on. */
export type Estimate = {
  readonly value: number;
  /** Lower end of the interval; null if unknown. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Layers it was measured in; empty if it is of the network, or of too many to name. */
  readonly layers: readonly string[];
  readonly epochs: readonly number[];
  /** Why it should not decide anything, a sentence each; usually none. */
  readonly doubts: readonly string[];
};

/** What an estimate was measured on. */
export type Place = Partial<Pick<Estimate, 'layers' | 'epochs' | 'doubts'>>;

/** The normal distribution has 95 % of its mass within this many standard deviations. */
export const normalQuantile = 1.959964;

/**
 * An estimate from its standard error.
 *
 * @throws NotMeasured if the value is not finite.
 */
export function fromError(value: number, standardError: number | null, place: Place = {}): Estimate {
  if (!Number.isFinite(value)) throw new NotMeasured('the value is not a number');
  const isKnown = standardError !== null && Number.isFinite(standardError) && standardError >= 0;
  const half = isKnown ? normalQuantile * standardError : null;
  return { value, lower: half === null ? null : value - half, upper: half === null ? null : value + half, layers: [], epochs: [], doubts: [], ...place };
}

/**
 * An accuracy with Wilson's interval [wilson1927probable], which has a width at 0 and 1 too.
 *
 * @param accuracy  Fraction of the examples, 0 to 1.
 */
export function fromAccuracy(accuracy: number, examples: number, place: Place = {}): Estimate {
  const { value, ...rest } = fromError(accuracy, null, place);
  if (examples <= 0) return { value, ...rest };
  const z2 = normalQuantile ** 2 / examples;
  const middle = (value + z2 / 2) / (1 + z2);
  const half = (normalQuantile * Math.sqrt(Math.max(0, value * (1 - value)) / examples + z2 / (4 * examples))) / (1 + z2);
  return { ...rest, value, lower: Math.max(0, Math.min(value, middle - half)), upper: Math.min(1, Math.max(value, middle + half)) };
}

/** a - b of independent estimates. Each side of the interval adds in squares, so that skewed intervals stay skewed. */
export function difference(a: Estimate, b: Estimate): Estimate {
  const value = a.value - b.value;
  const below = inSquares(side(a, 'lower'), side(b, 'upper'));
  const above = inSquares(side(a, 'upper'), side(b, 'lower'));
  return { value, lower: below === null ? null : value - below, upper: above === null ? null : value + above, ...joinPlaces([a, b]) };
}

/**
 * a / b of independent positive estimates, its interval to first order (delta method), each side by itself.
 *
 * @throws NotMeasured if b is not above 0.
 */
export function ratio(a: Estimate, b: Estimate): Estimate {
  if (b.value <= 0) throw new NotMeasured('it would be divided by zero');
  const value = a.value / b.value;
  const below = inSquares(side(a, 'lower'), times(side(b, 'upper'), value));
  const above = inSquares(side(a, 'upper'), times(side(b, 'lower'), value));
  return { value, lower: below === null ? null : value - below / b.value, upper: above === null ? null : value + above / b.value, ...joinPlaces([a, b]) };
}

/** scale * a + shift, with scale > 0. */
export function linear(a: Estimate, scale: number, shift: number): Estimate {
  const at = (x: number): number => scale * x + shift;
  return { ...a, value: at(a.value), lower: a.lower === null ? null : at(a.lower), upper: a.upper === null ? null : at(a.upper) };
}

/** |a|; an interval around 0 begins at 0. */
export function magnitude(a: Estimate): Estimate {
  const { value, lower, upper } = a;
  if (lower === null || upper === null) return { ...a, value: Math.abs(value), lower: null, upper: null };
  const [near, far] = [Math.min(Math.abs(lower), Math.abs(upper)), Math.max(Math.abs(lower), Math.abs(upper))];
  return { ...a, value: Math.abs(value), lower: lower <= 0 && upper >= 0 ? 0 : near, upper: far };
}

/** The mean, as unsure as if all were wrong in the same direction: layers see the same images. Names no layers. */
export function meanOf(estimates: readonly Estimate[]): Estimate {
  return { value: mean(estimates.map(({ value }) => value))!, lower: mean(estimates.map(({ lower }) => lower)), upper: mean(estimates.map(({ upper }) => upper)), ...joinPlaces(estimates), layers: [] };
}

/** The greatest: its interval ends where the greatest lower and the greatest upper end lie. Names the place of the greatest. */
export function greatest(estimates: readonly Estimate[]): Estimate {
  const top = estimates.reduce((best, estimate) => (estimate.value > best.value ? estimate : best));
  const furthest = (ends: readonly (number | null)[]): number | null => (ends.every((end) => end !== null) ? Math.max(...ends) : null);
  return { ...top, lower: furthest(estimates.map(({ lower }) => lower)), upper: furthest(estimates.map(({ upper }) => upper)), doubts: joinPlaces(estimates).doubts };
}

/** The least, as `greatest` of the other sign. */
export function least(estimates: readonly Estimate[]): Estimate {
  return negate(greatest(estimates.map(negate)));
}

/** Layers, epochs and doubts of several estimates, each once, epochs in order. */
export function joinPlaces(estimates: readonly Place[]): Required<Place> {
  const unique = <T>(lists: readonly (readonly T[] | undefined)[]): T[] => [...new Set(lists.flatMap((list) => list ?? []))];
  return {
    layers: unique(estimates.map(({ layers }) => layers)),
    epochs: unique(estimates.map(({ epochs }) => epochs)).sort((a, b) => a - b),
    doubts: unique(estimates.map(({ doubts }) => doubts)),
  };
}

function negate(a: Estimate): Estimate {
  return { ...a, value: -a.value, lower: a.upper === null ? null : -a.upper, upper: a.lower === null ? null : -a.lower };
}

/** How far an end of the interval lies from the value; null if unknown. */
function side({ value, lower, upper }: Estimate, end: 'lower' | 'upper'): number | null {
  const at = end === 'lower' ? lower : upper;
  return at === null ? null : Math.abs(at - value);
}

function times(a: number | null, factor: number): number | null {
  return a === null ? null : a * Math.abs(factor);
}

function inSquares(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.hypot(a, b);
}

function mean(values: readonly (number | null)[]): number | null {
  return values.every((value) => value !== null) && values.length > 0 ? values.reduce<number>((sum, value) => sum + value!, 0) / values.length : null;
}
