import type { RandomStream } from '@memgeo/numerics';
import { exactly } from '../statistics/estimate.js';
import type { NotedEstimate } from './class-separation.js';
import { compactRows, subtractTrainingMean } from './compact-rows.js';
import { fractionOf } from './fraction.js';
import { nearestNeighbors, voteOfNeighbors } from './nearest-neighbors.js';
import { probePools, type ProbePool, type ProbeSet } from './probe-pools.js';
import { ridgeProbe } from './ridge-probe.js';

/** What probes of one layer say of one set. */
export type SetProbes = {
  /**
   * Accuracies under the labels of the set: `ridgeProbeAssigned`, `ridgeProbeTrue`, `knnProbeAssigned`, `knnProbeTrue` held out,
   * `ridgeProbeAssignedFit`, `ridgeProbeTrueFit` where the probe was trained on the examples of the set.
   */
  readonly measures: { readonly [measure: string]: NotedEstimate };
  /** The class that the neighbors of each row vote for, held out; on assigned labels where there are such. Undefined if they can't vote. */
  readonly votes: Int32Array | undefined;
};

/**
 * Trains a linear probe and a nearest-neighbor probe on the features of one layer, on assigned and on true labels, and evaluates
 * them on every set [alain2016understanding].
 *
 * Which sets train is told at `probePools`, the linear probe at `ridgeProbe`. Neighbors are those of Euclidean distance. An example that
 * was trained on is predicted with itself left out, under all of its labels at once; `Fit` is the accuracy of the fitted
 * linear probe itself, which tends to 1 where there are more features than examples. Standard errors are binomial over
 * examples. Where there are more than `limit` features and more training examples too, features are projected to `limit`.
 * Weakness: a class is rarer among the neighbors of its own examples, by the one left out; with equal classes of n training examples
 * this undercuts chance by some 3/n of itself.
 *
 * @param sets  The sets of one layer, all with the same number of features.
 * @param options.neighbors  Neighbors that vote, [baldock2021deep] takes 30. Default 30.
 * @param options.penalty  Ridge penalty in units of the mean eigenvalue of X'X; by default chosen by cross-validation.
 * @param options.limit  Most features beyond which a layer with more examples is projected. Default 1000.
 * @param options.random  Stream of the projection.
 * @returns by set; or the reason why there are no probes.
 * @throws RangeError if exampleIds contradict each other.
 */
export function probeLayer(sets: readonly ProbeSet[], { neighbors = 30, penalty, limit = 1000, random }: {
  neighbors?: number; penalty?: number | undefined; limit?: number; random: RandomStream;
}): { probes: ReadonlyMap<string, SetProbes> } | { reason: string } {
  const found = probePools(sets);
  if ('reason' in found) return found;
  const probes = new Map<string, SetProbes>();
  for (const pool of found.pools) {
    for (const [set, { measures, votes }] of probePool(pool, { neighbors, penalty, limit, random })) {
      const known = probes.get(set);
      probes.set(set, { measures: { ...known?.measures, ...measures }, votes: known?.votes ?? votes });
    }
  }
  return { probes };
}

function probePool(pool: ProbePool, { neighbors, penalty, limit, random }: { neighbors: number; penalty: number | undefined; limit: number; random: RandomStream }): [string, SetProbes][] {
  const { trained, classes, labelings } = pool;
  const { rows, width, isProjected } = compactRows(pool, { limit, random, samples: trained });
  const isConstant = rows.subarray(0, trained * width).every((value, i) => value === rows[i % width]);
  subtractTrainingMean(rows, { trained, width });
  const shape = { examples: pool.count, features: width, trained };
  const ridge = isConstant ? undefined : ridgeProbe(rows, { ...shape, labelings: labelings.map(({ labels }) => labels), classCount: classes.length, penalty });
  const nearest = isConstant || neighbors >= trained ? undefined : nearestNeighbors(rows, { ...shape, neighbors });
  const votes = nearest && labelings.map(({ labels }) => voteOfNeighbors(nearest, { neighbors, labels, classCount: classes.length }));

  const note = isProjected ? { note: `Measured in a random projection to ${limit} features.` } : {};
  const missing = (reason: string): NotedEstimate => ({ ...exactly(NaN), note: reason });
  const constant = 'All training examples have the same features.';
  return pool.evaluated.map(({ set, exampleOf, labels }) => {
    const accuracy = (predictions: Int32Array): NotedEstimate => ({ ...fractionOf(Array.from(exampleOf, (example, row) => predictions[example] === labels[row])), ...note });
    const isTrained = exampleOf.every((example) => example < trained);
    const measures: { [measure: string]: NotedEstimate } = {};
    for (const [i, { name }] of labelings.entries()) {
      measures[`ridgeProbe${name}`] = ridge ? accuracy(ridge[i]!.heldOut) : missing(constant);
      if (isTrained) measures[`ridgeProbe${name}Fit`] = ridge ? accuracy(ridge[i]!.fitted) : missing(constant);
      measures[`knnProbe${name}`] = votes ? accuracy(votes[i]!) : missing(isConstant ? constant : `There must be more training examples than neighbors; there are ${trained} and ${neighbors}.`);
    }
    return [set, { measures, votes: votes && Int32Array.from(exampleOf, (example) => classes[votes[0]![example]!]!) }];
  });
}
