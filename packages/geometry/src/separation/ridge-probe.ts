import { crossProducts } from '@memgeo/numerics';
import { ridgeSystem, type RidgeSolution } from './ridge-system.js';

/** What a linear probe says of examples, as indices of classes. */
export type RidgePredictions = {
  /** Of every example: training examples held out, others as they are. Shape (examples). */
  readonly heldOut: Int32Array;
  /** Of the training examples by the probe that was fitted to them. Shape (training examples). */
  readonly fitted: Int32Array;
  /** Penalty, in units of the mean eigenvalue of X'X. */
  readonly penalty: number;
};

/** Candidates for the penalty. */
const penalties = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10];

/**
 * Fits ridge regressions of class indicators, one per labeling of the same examples, and predicts classes.
 *
 * Held-out predictions leave one example out, by the closed form (y - f) / (1 - h_ii) of its residual. The penalty is the one of six,
 * 1e-4 to 10 times the mean eigenvalue, with the least generalized cross-validation error [golub1979generalized], or the one
 * given. An example goes to the class whose indicator its features raise most above that class's share of the training
 * examples: with the share itself, leaving one out would make its own class the rarer one, and accuracy fall below chance.
 * Features are centered, not scaled. Weakness: squared error, not a likelihood.
 *
 * @param rows  Shape (examples, features), training examples first, centered over those. Not modified.
 * @param options.labelings  Class of each training example as an index below `classCount`, one array per labeling.
 * @param options.penalty  In units of the mean eigenvalue of X'X; undefined chooses.
 * @returns one per labeling, in order; undefined if all training examples coincide.
 */
export function ridgeProbe(rows: Float64Array, { examples, features, trained, labelings, classCount, penalty }: {
  examples: number; features: number; trained: number; labelings: readonly Int32Array[]; classCount: number; penalty?: number | undefined;
}): RidgePredictions[] | undefined {
  const system = ridgeSystem(rows.subarray(0, trained * features), { samples: trained, features });
  if (!(system.meanEigenvalue > 0)) return undefined;
  const targets = labelings.map((labels) => centeredIndicators(labels, classCount));
  const best: ({ penalty: number; solution: RidgeSolution } | undefined)[] = labelings.map(() => undefined);
  for (const candidate of penalty === undefined ? penalties : [penalty]) {
    const solve = system.at(candidate * system.meanEigenvalue);
    if (solve === undefined) continue;
    for (const [i, target] of targets.entries()) {
      const solution = solve(target, classCount);
      if (best[i] === undefined || solution.crossValidation < best[i].solution.crossValidation) best[i] = { penalty: candidate, solution };
    }
  }
  if (best.includes(undefined)) return undefined;
  const others = rows.subarray(trained * features);
  return best.map((chosen, i) => {
    const { residuals, freedom, weights } = chosen!.solution.finish();
    const target = targets[i]!;
    const scores = crossProducts(weights, classCount, others, examples - trained, features);
    const heldOut = new Int32Array(examples);
    const fitted = new Int32Array(trained);
    for (let example = 0; example < trained; example++) {
      fitted[example] = largest(classCount, (k) => target[k * trained + example]! - residuals[k * trained + example]!);
      // With y and f less the class's share: y - e / (1 - h), less what the share is without this example, -y / (n - 1).
      heldOut[example] = largest(classCount, (k) => (target[k * trained + example]! * trained) / (trained - 1) - residuals[k * trained + example]! / freedom[example]!);
    }
    for (let other = trained; other < examples; other++) heldOut[other] = largest(classCount, (k) => scores[k * (examples - trained) + other - trained]!);
    return { heldOut, fitted, penalty: chosen!.penalty };
  });
}

/** Shape (classes, samples): 1 for the class of a sample, less the share of the class. */
function centeredIndicators(labels: Int32Array, classCount: number): Float64Array {
  const count = labels.length;
  const targets = new Float64Array(classCount * count);
  labels.forEach((label, i) => { targets[label * count + i] = 1; });
  for (let k = 0; k < classCount; k++) {
    const row = targets.subarray(k * count, (k + 1) * count);
    const share = row.reduce((sum, x) => sum + x, 0) / count;
    for (let i = 0; i < count; i++) row[i]! -= share;
  }
  return targets;
}

function largest(count: number, score: (index: number) => number): number {
  let [best, most] = [0, -Infinity];
  for (let k = 0; k < count; k++) {
    const value = score(k);
    if (value > most) [best, most] = [k, value];
  }
  return best;
}
