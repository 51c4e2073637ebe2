import { normalTail } from '../theory/normal-distribution.js';

/** A loss measured at one epoch. */
export type LossAt = { readonly epoch: number; readonly value: number; readonly standardError: number };

/** A stretch of epochs over which a loss does one thing. */
export type LearningPhase = {
  readonly phase: 'constant' | 'falling' | 'rising';
  readonly fromEpoch: number;
  readonly toEpoch: number;
  /** Of the loss, from the first epoch of the phase to the last. */
  readonly change: number;
  readonly standardError: number;
};

/** Ends of a falling or rising stretch within this many standard errors of its extreme are a plateau. */
const plateauErrors = 2;

/**
 * Finds the epochs over which a loss falls, rises or stays, and none if no change is clear against its error.
 *
 * A change between two epochs is clear if it is more than z standard errors of the difference, their errors taken as independent, with z
 * such that a loss that never changes shows phases with at most the given probability, over all pairs of epochs together
 * (Bonferroni; normal errors). A stretch runs from one extreme to the next that lies clear of it; a plateau at either end, within 2 standard
 * errors of the extreme, is left to a constant phase, unless the change within the stretch would no longer be clear.
 * A constant phase says that no change is clear, not that there is none. Weakness: where all losses are of the same
 * examples, their errors are not independent but shared, and small changes are missed.
 *
 * @param losses  In order of epochs, distinct.
 * @param options.falsePositiveRate  Default 0.05.
 * @returns in order of epochs; empty if no phases are seen.
 */
export function learningPhases(losses: readonly LossAt[], { falsePositiveRate = 0.05 }: { falsePositiveRate?: number } = {}): LearningPhase[] {
  if (!(falsePositiveRate > 0 && falsePositiveRate < 1)) throw new RangeError(`learningPhases: falsePositiveRate must be in (0, 1); got ${falsePositiveRate}.`);
  const bound = normalQuantile(falsePositiveRate / (losses.length * (losses.length - 1)));
  const error = (i: number, j: number) => Math.hypot(losses[i]!.standardError, losses[j]!.standardError);
  const change = (i: number, j: number) => losses[j]!.value - losses[i]!.value;
  /** 1 if clearly higher at j, -1 if clearly lower, else 0. */
  const direction = (i: number, j: number) => (Math.abs(change(i, j)) > bound * error(i, j) ? Math.sign(change(i, j)) : 0);

  const phase = (kind: LearningPhase['phase'], i: number, j: number): LearningPhase =>
    ({ phase: kind, fromEpoch: losses[i]!.epoch, toEpoch: losses[j]!.epoch, change: change(i, j), standardError: error(i, j) });
  const turns = turningPoints(losses, direction);
  if (turns.length < 2) return [];
  const phases: LearningPhase[] = [];
  let last = 0;
  for (let t = 1; t < turns.length; t++) {
    const [from, to] = withoutPlateaus(turns[t - 1]!, turns[t]!, { isLevel: (i, j) => Math.abs(change(i, j)) <= plateauErrors * error(i, j), isClear: (i, j) => direction(i, j) !== 0 });
    if (from > last) phases.push(phase('constant', last, from));
    phases.push(phase(change(from, to) < 0 ? 'falling' : 'rising', from, to));
    last = to;
  }
  if (last < losses.length - 1) phases.push(phase('constant', last, losses.length - 1));
  return phases;
}

/** Extremes, each clear of the one before and after; fewer than 2 if nothing is clear. */
function turningPoints(losses: readonly LossAt[], direction: (i: number, j: number) => number): number[] {
  const turns: number[] = [];
  let heading = 0;
  let [lowest, highest] = [0, 0];
  for (let k = 1; k < losses.length; k++) {
    const { value } = losses[k]!;
    // Ahead of the first turn, both extremes are candidates; then only the one that the loss is heading for.
    if (heading <= 0 && direction(lowest, k) > 0) {
      turns.push(lowest);
      [heading, highest] = [1, k];
    } else if (heading >= 0 && direction(highest, k) < 0) {
      turns.push(highest);
      [heading, lowest] = [-1, k];
    }
    if (value < losses[lowest]!.value) lowest = k;
    if (value > losses[highest]!.value) highest = k;
  }
  return heading === 0 ? [] : [...turns, heading > 0 ? highest : lowest];
}

function withoutPlateaus(
  from: number, to: number, { isLevel, isClear }: { isLevel: (i: number, j: number) => boolean; isClear: (i: number, j: number) => boolean },
): [number, number] {
  let [start, end] = [from, to];
  for (let i = from; i < to; i++) if (isLevel(from, i)) start = i;
  for (let i = to; i > start; i--) if (isLevel(i, to)) end = i;
  return isClear(start, end) ? [start, end] : [from, to];
}

/** The x above which a standard normal number lies with the given probability below 1/2, by bisection. */
function normalQuantile(probability: number): number {
  let [low, high] = [0, 40];
  for (let step = 0; step < 44; step++) {
    const middle = (low + high) / 2;
    if (normalTail(middle) > probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
