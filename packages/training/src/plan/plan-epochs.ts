import type { Checkpoints, Evaluate } from './epoch-schemas.js';
import { logEpochs } from './log-epochs.js';

/** A moment of training: epochs completed as they are called, and the steps that are. */
export type Moment = { readonly epoch: number; readonly step: number };

/** What happens after which steps. */
export type EpochPlan = {
  /** Ascending. */
  readonly checkpoints: readonly Moment[];
  /** Ascending; with every checkpoint, unless all are kept. */
  readonly evaluations: readonly Moment[];
};

/**
 * Turns what the user wrote into steps. A fraction of an epoch is rounded to a step.
 *
 * @throws RangeError if two epochs fall on one step, or one on the step before training that is not 0.
 */
export function planEpochs(
  { checkpoints, evaluate, epochs }: { checkpoints: Checkpoints; evaluate: Evaluate; epochs: number }, { stepsPerEpoch }: { stepsPerEpoch: number },
): EpochPlan {
  const moment = (epoch: number): Moment => ({ epoch, step: Math.round(epoch * stepsPerEpoch) });
  const named = checkpointEpochs(checkpoints, epochs).map(moment);
  const kept = isLogFrom(checkpoints) ? firstOfEachStep(named.filter(({ epoch }) => epoch === 0 || epoch * stepsPerEpoch >= 1)) : named;
  kept.forEach(({ epoch, step }, i) => {
    if (epoch > 0 && step === 0) throw new RangeError(`checkpoints must not name parts of an epoch shorter than a step; got ${epoch}, and an epoch has ${stepsPerEpoch} steps. Begin at ${roundUp(1 / stepsPerEpoch)}.`);
    if (i > 0 && kept[i - 1]!.step === step) throw new RangeError(`checkpoints must differ by a step; ${kept[i - 1]!.epoch} and ${epoch} are both after step ${step}, for an epoch has ${stepsPerEpoch}. Leave one out.`);
  });
  const scored = evaluate === 'all' ? upTo(epochs, 1) : evaluate === 'log' ? logEpochs({ from: 1, to: epochs, isWhole: true }) : upTo(epochs, evaluate.every);
  const bySteps = new Map([...scored.map(moment), ...(checkpoints === 'all' ? [] : kept)].map((own) => [own.step, own]));
  return { checkpoints: kept, evaluations: [...bySteps.values()].sort((a, b) => a.step - b.step) };
}

function checkpointEpochs(checkpoints: Checkpoints, epochs: number): number[] {
  if (checkpoints === 'all') return upTo(epochs, 1);
  if (checkpoints === 'log') return logEpochs({ from: 1, to: epochs, isWhole: true });
  if (Array.isArray(checkpoints)) return [...new Set(checkpoints)].sort((a, b) => a - b);
  return isLogFrom(checkpoints) ? logEpochs({ from: checkpoints.logFrom, to: epochs, isWhole: false }) : upTo(epochs, checkpoints.every);
}

function isLogFrom(checkpoints: Checkpoints): checkpoints is { logFrom: number } {
  return typeof checkpoints === 'object' && 'logFrom' in checkpoints;
}

function firstOfEachStep(moments: readonly Moment[]): Moment[] {
  return moments.filter(({ step }, i) => step !== moments[i - 1]?.step);
}

/** 0, then every so many, and the last. */
function upTo(epochs: number, every: number): number[] {
  const all = Array.from({ length: Math.floor(epochs / every) + 1 }, (_, i) => i * every);
  return all.at(-1) === epochs ? all : [...all, epochs];
}

/** To two digits. */
function roundUp(fraction: number): number {
  const unit = 10 ** (Math.floor(Math.log10(fraction)) - 1);
  return Number((Math.ceil(fraction / unit) * unit).toPrecision(2));
}
