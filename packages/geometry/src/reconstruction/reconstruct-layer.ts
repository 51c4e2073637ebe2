import type { RandomStream } from '@memgeo/numerics';
import { areRowsEqual } from '../points/equal-rows.js';
import { compactRows, subtractTrainingMean } from '../separation/compact-rows.js';
import { probePools, type ProbePool, type ProbeSet } from '../separation/probe-pools.js';
import { exactly, jackknifeError, type Estimate } from '../statistics/estimate.js';
import { decodeHeldOut, type HeldOutSquares } from './decode-held-out.js';
import type { DecodingTargets } from './input-directions.js';

/** One example set in one layer, with the example behind each point. */
export type DecodedSet = ProbeSet & { readonly exampleIds: ArrayLike<number> };

/** How well the input can be read off a layer, for one example set. */
export type Reconstruction = {
  /** R squared, held out, over all values of all examples; at most 1. Its standard error is over examples. */
  readonly r2: Estimate;
  /** Standard error over the random directions along which inputs were looked at; undefined if over all values. */
  readonly samplingError: number | undefined;
  /** Features that the decoder read. */
  readonly features: number;
  readonly note: string;
};

/**
 * Measures how much of the input a linear decoder finds in the features of one layer, on examples it has not seen [schneider2022learning].
 *
 * R^2 = 1 - sum |x - decoded x|^2 / sum |x - mean x|^2 over the examples of a set, with decoder and mean from the training examples
 * but the one that is decoded, as told at `decodeHeldOut`. Training examples are those of `unpermuted` and `permuted`; `restored` holds the
 * images of `permuted` and is left out beside it. Sets without these names train a decoder each. Standard errors are jackknife over
 * examples, as if the decoder were given. Weaknesses: a linear decoder finds no more than what lies open; and a layer with few features
 * can hold few directions, so that layers of different widths compare only roughly.
 *
 * @param sets  The sets of one layer, all with the same number of features.
 * @param inputs  What to decode, by exampleId.
 * @param options.limit  Most features beyond which a layer with more examples is projected. Default 200.
 * @param options.random  Stream of the projection.
 * @returns by set.
 * @throws RangeError if exampleIds contradict each other or are none of the inputs.
 */
export function reconstructLayer(
  sets: readonly DecodedSet[], inputs: DecodingTargets, { limit = 200, random }: { limit?: number; random: RandomStream },
): ReadonlyMap<string, Reconstruction> {
  const used = sets.some(({ set }) => set === 'permuted') ? sets.filter(({ set }) => set !== 'restored') : sets;
  const found = probePools(used);
  if ('reason' in found) throw new RangeError(`reconstructLayer: ${found.reason}`);
  return new Map(found.pools.flatMap((pool) => decodePool(pool, used, inputs, { limit, random })));
}

function decodePool(
  pool: ProbePool, sets: readonly DecodedSet[], inputs: DecodingTargets, { limit, random }: { limit: number; random: RandomStream },
): [string, Reconstruction][] {
  const { trained, count: examples, evaluated } = pool;
  const { width } = inputs;
  const targets = new Float64Array(examples * width);
  for (const { set, exampleOf } of evaluated) {
    const { exampleIds } = sets.find((own) => own.set === set)!;
    exampleOf.forEach((example, row) => { targets.set(inputs.of(exampleIds[row]!), example * width); });
  }
  const { rows, width: features, isProjected } = compactRows(pool, { limit, random, samples: trained });
  const reason = areEqual(rows.subarray(0, trained * features), features) ? 'All training examples have the same features.' : areEqual(targets, width) ? 'All inputs are the same.' : undefined;
  subtractTrainingMean(rows, { trained, width: features });
  const squares = reason === undefined ? decodeHeldOut(rows, targets, { examples, features, trained, width }) : undefined;
  return evaluated.map(({ set, exampleOf }) => {
    const notes = [...(isProjected ? [`Decoded from a random projection to ${limit} features.`] : []), ...(reason === undefined ? [] : [reason])];
    const { r2, samplingError } = squares ? explainedShare(squares, exampleOf, width) : { r2: exactly(Number.NaN), samplingError: undefined };
    return [set, { r2, samplingError: inputs.isProjected ? samplingError : undefined, features, note: notes.join(' ') }];
  });
}

function areEqual(rows: Float64Array, width: number): boolean {
  for (let row = 1; row * width < rows.length; row++) if (!areRowsEqual(rows, width, 0, row)) return false;
  return true;
}

/** R squared over some examples, and its errors over examples and over the values that are decoded. */
function explainedShare({ errors, deviations }: HeldOutSquares, exampleOf: Int32Array, width: number): { r2: Estimate; samplingError: number } {
  const [byExample, byValue] = [ratioOf(exampleOf.length), ratioOf(width)];
  exampleOf.forEach((example, row) => {
    for (let j = 0, at = example * width; j < width; j++, at++) {
      byExample.above[row]! += errors[at]!;
      byExample.below[row]! += deviations[at]!;
      byValue.above[j]! += errors[at]!;
      byValue.below[j]! += deviations[at]!;
    }
  });
  return { r2: { value: 1 - sum(byExample.above) / sum(byExample.below), standardError: errorOf(byExample) }, samplingError: errorOf(byValue) };
}

/** Two sums over the same parts, of whose ratio is asked. */
type PartedRatio = { readonly above: Float64Array; readonly below: Float64Array };

const ratioOf = (parts: number): PartedRatio => ({ above: new Float64Array(parts), below: new Float64Array(parts) });

/** Standard error of the ratio: jackknife over parts. */
function errorOf({ above, below }: PartedRatio): number {
  const [all, whole] = [sum(above), sum(below)];
  return jackknifeError(above.map((value, part) => (all - value) / (whole - below[part]!)));
}

const sum = (values: Float64Array): number => values.reduce((total, x) => total + x, 0);
