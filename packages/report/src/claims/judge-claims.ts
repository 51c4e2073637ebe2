import type { ClaimsRow } from '@memgeo/artifacts';
import type { ClaimDefinition } from './criterion.js';
import { doubleDescent } from './definitions/double-descent.js';
import { generalizesFirst } from './definitions/generalizes-first.js';
import { gradientsIgnore } from './definitions/gradients-ignore.js';
import { memorizesLate } from './definitions/memorizes-late.js';
import { rewindingRestores } from './definitions/rewinding-restores.js';
import { judgeCriterion } from './judge-criterion.js';
import { collectRuns, labelsOfSeeds, type ClaimTables } from './runs.js';

/** The claims in the order in which they are told. */
export const claimDefinitions: readonly ClaimDefinition[] = [generalizesFirst, memorizesLate, rewindingRestores, doubleDescent, gradientsIgnore];

/**
 * Judges, by numbers and thresholds, the five claims of [stephenson2021geometry] about where, when and why networks memorize.
 *
 * Each criterion is a number with a 95 % interval: over seeds if there are two or more, else over the examples or classes of the one run.
 * It is shown if the interval lies wholly on the right side of the threshold, not shown if wholly on the wrong side, and cannot be
 * judged if the threshold lies within, or if something is missing. Thresholds are ours, from small networks on glyphs; their
 * weakness is that a network of another kind may show a claim more weakly. Criteria are not corrected for their number.
 *
 * @param tables  Tables over points that differ in epoch, seed and width only, in any order; axes one-to-one in step with the seed are its labels. What is missing is said, not thrown.
 * @param options.thresholds  Replaces thresholds, by name of the criterion.
 * @returns one row per criterion, grouped by claim.
 * @throws RangeError if points differ in something else, two tables tell of the same thing, or a threshold has an unknown name.
 */
export function judgeClaims(tables: ClaimTables, { thresholds = {} }: { thresholds?: { readonly [criterion: string]: number } } = {}): ClaimsRow[] {
  const known = claimDefinitions.flatMap(({ criteria }) => criteria.map(({ name }) => name));
  const unknown = Object.keys(thresholds).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`thresholds must name criteria; got "${unknown}". Choose from ${known.join(', ')}.`);
  const runs = collectRuns(tables);
  const remarks = labelsOfSeeds(tables).map((axis) => `${axis} goes in step with the seed and counts as its label`);
  return claimDefinitions.flatMap(({ name, statement, criteria }) =>
    criteria.map((criterion) => ({ claim: name, statement, ...judgeCriterion(criterion, runs, { threshold: Object.hasOwn(thresholds, criterion.name) ? thresholds[criterion.name] : undefined, remarks }) })));
}
