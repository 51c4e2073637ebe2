/** How the learning rate changes over training. */
export type LearningRateSchedule = (
  | { readonly kind: 'constant' }
  /** Times `factor` from each of the milestones on, which are epochs completed. */
  | { readonly kind: 'step'; readonly milestones: readonly number[]; readonly factor: number }
  /** Half a cosine from the full rate at the end of the warm-up down to `final` times it at the end of training [loshchilov2017sgdr]. */
  | { readonly kind: 'cosine'; readonly final: number }
) & {
  /** Epochs, not necessarily whole, over which the rate rises linearly, step by step, to the full one [goyal2017accurate]. */
  readonly warmupEpochs?: number;
};

/**
 * The learning rate of one step.
 *
 * @param step  Steps taken before, from 0.
 * @param options.learningRate  The full rate.
 * @param options.stepsPerEpoch  Batches in an epoch.
 * @param options.epochs  All of training, for the cosine.
 */
export function learningRateAt(
  step: number, { learningRate, schedule, stepsPerEpoch, epochs }: { learningRate: number; schedule: LearningRateSchedule; stepsPerEpoch: number; epochs: number },
): number {
  const warmupSteps = Math.round((schedule.warmupEpochs ?? 0) * stepsPerEpoch);
  const warmth = step < warmupSteps ? (step + 1) / warmupSteps : 1;
  switch (schedule.kind) {
    case 'constant': return learningRate * warmth;
    case 'step': return learningRate * warmth * schedule.factor ** schedule.milestones.filter((epoch) => step >= epoch * stepsPerEpoch).length;
    case 'cosine': {
      const share = Math.max(0, step - warmupSteps) / Math.max(1, epochs * stepsPerEpoch - warmupSteps);
      return learningRate * warmth * (schedule.final + (1 - schedule.final) * (1 + Math.cos(Math.PI * share)) / 2);
    }
  }
}
