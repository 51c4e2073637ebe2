/** What decides how training can be kept from diverging. */
export type Settings = { readonly learningRate: number; readonly warmupEpochs: number; readonly gradientNorm: number | null; readonly weightDecay: number; readonly hasBatchNorm: boolean };

/** Epochs in a row with a loss far above that of guessing, after which training is given up. */
export const patience = 3;

/** Weight decay that may itself be what diverges. */
const strongDecay = 0.1;

/** Whether the mean loss of an epoch, in nats, is far above that of guessing among the classes, ln(classes). */
export function isDiverged(loss: number, classCount: number): boolean {
  return loss > 4 * Math.log(classCount);
}

/** What to try against divergence, in the order of what helps most. */
export function adviceAgainstDivergence({ learningRate, warmupEpochs, gradientNorm, weightDecay, hasBatchNorm }: Settings): string {
  const others = [
    ...(warmupEpochs === 0 ? ['warmupEpochs: 1'] : []),
    ...(gradientNorm === null ? ['gradientNorm: 1'] : []),
    ...(weightDecay >= strongDecay ? ['a smaller weightDecay'] : []),
    ...(hasBatchNorm ? [] : ['batchNorm: true in the network']),
  ];
  return `Lower learningRate (${learningRate}), to ${Number((learningRate / 10).toPrecision(2))} say${others.length === 0 ? '' : `; or try ${others.join(', or ')}`}.`;
}
