import { crossProducts } from '@memgeo/numerics';
import { subtractTrainingMean, transpose } from '../separation/compact-rows.js';
import { ridgeSystem, type RidgeSolution } from '../separation/ridge-system.js';

/** Squares of what a decoder misses, and of what the mean of the training examples misses; shape (examples, width) each. */
export type HeldOutSquares = { readonly errors: Float64Array; readonly deviations: Float64Array };

/** Penalties of the decoder, in units of the mean eigenvalue of X'X. */
const penalties = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10];

/** Where the search begins: what images usually take. */
const firstPenalty = 4;

/**
 * Fits a ridge regression of targets on features, one penalty for all targets, and returns how far each example is from its prediction
 * by a decoder that has not seen it.
 *
 * A training example is left out by the closed form of its residual, e / (1 - h), and compared with the mean of the others,
 * y n / (n - 1); other examples are predicted as they are. The penalty is that of a ladder from 1e-6 to 10 times the mean eigenvalue with
 * the least generalized cross-validation error [golub1979generalized], found by going down from its middle, so that of several minima
 * it may take the nearest.
 *
 * @param rows  Features, shape (examples, features), training examples first, centered over those. Not modified.
 * @param targets  Shape (examples, width). Taken over: holds the deviations afterwards.
 * @returns undefined if no decoder can be fitted, as to features that are all the same.
 */
export function decodeHeldOut(
  rows: Float64Array, targets: Float64Array, { examples, features, trained, width }: { examples: number; features: number; trained: number; width: number },
): HeldOutSquares | undefined {
  const system = ridgeSystem(rows.subarray(0, trained * features), { samples: trained, features });
  if (!(system.meanEigenvalue > 0)) return undefined;
  subtractTrainingMean(targets, { trained, width });
  const trainingTargets = transpose(targets.subarray(0, trained * width), trained, width);

  const chosen = descend((penalty) => system.at(penalty * system.meanEigenvalue)?.(trainingTargets, width));
  if (chosen === undefined) return undefined;
  const { residuals, freedom, weights } = chosen.finish();
  const [errors, deviations] = [new Float64Array(examples * width), targets];
  const others = crossProducts(rows.subarray(trained * features), examples - trained, weights, width, features);
  for (let i = 0; i < examples; i++) {
    const isTrained = i < trained;
    for (let j = 0, at = i * width; j < width; j++, at++) {
      const target = targets[at]!;
      const error = isTrained ? residuals[j * trained + i]! / freedom[i]! : target - others[at - trained * width]!;
      const deviation = isTrained ? (target * trained) / (trained - 1) : target;
      errors[at] = error * error;
      deviations[at] = deviation * deviation;
    }
  }
  return { errors, deviations };
}

/** The solution from which a step of the ladder either way does not lower the cross-validation error. */
function descend(solve: (penalty: number) => RidgeSolution | undefined): RidgeSolution | undefined {
  let best = solve(penalties[firstPenalty]!);
  for (const step of [-1, 1]) {
    let isLower = false;
    for (let i = firstPenalty + step; i >= 0 && i < penalties.length; i += step) {
      const next = solve(penalties[i]!);
      if (best !== undefined && !(next !== undefined && next.crossValidation < best.crossValidation)) break;
      [best, isLower] = [next, next !== undefined];
    }
    if (isLower) break;
  }
  return best;
}
