import { accuracyAt, bestEpochOf, finalAccuracy, ifMemorized, memorizationDelay } from '../accuracies.js';
import { byDefinition, fraction, ours, type ClaimDefinition, type Criterion } from '../criterion.js';
import { isGradual, isOptimistic } from '../doubts.js';
import { difference, greatest, linear, magnitude, ratio, type Estimate } from '../estimate.js';
import { formatValue } from '../format-value.js';
import { bestMeasuredEpoch, capacityOverChance, earlyLayers, endMeasuredEpoch, firstLayer, lastLayer, measureAt, sayNearest } from '../geometry-values.js';
import { isFullyConnected } from '../network-kind.js';
import type { Run } from '../runs.js';

/** Memorization is late, deep, and goes with falling radius and dimension [stephenson2021geometry]. */
export const memorizesLate: ClaimDefinition = {
  name: 'memorizesLate',
  statement: 'Random labels are learned late and in the last layers, where their classes become tighter and lose directions, while early layers hardly change.',
  criteria: [
    {
      name: 'memorizationDelay', statistic: `First epoch with a permuted accuracy above 0.9, over the best test epoch`, comparison: 'above', threshold: ours(3, 'vgg'), over: 'examples',
      measure: memorizationDelay,
    },
    {
      name: 'permutedAccuracyAtEnd', statistic: 'Permuted accuracy at the end', comparison: 'above', threshold: ours(0.9, 'vgg'), fullyConnected: ours(0.95, 'mlp'), over: 'examples', range: fraction,
      measure: (run) => finalAccuracy(run, 'permuted'),
    },
    {
      name: 'testAccuracyFall', statistic: 'Best less final test accuracy', comparison: 'above', threshold: ours(0.2, 'vgg'), fullyConnected: ours(0.12, 'mlp'), over: 'examples',
      measure: (run) => difference(accuracyAt(run, 'test', bestEpochOf(run)), finalAccuracy(run, 'test')), remark: () => isOptimistic,
    },
    afterMemorization({
      name: 'permutedCapacityInLast', statistic: 'Capacity of permuted over chance 2/M in the last hidden layer, at the end', comparison: 'above', threshold: ours(1.6, 'vgg'), fullyConnected: ours(1.7, 'mlp'), over: 'classes',
      measure: (run) => capacityOverChance(run, { set: 'permuted', layer: lastLayer(run), epoch: endMeasuredEpoch(run) }),
    }),
    afterMemorization({
      name: 'permutedCapacityInFirst', statistic: 'Capacity of permuted over chance 2/M in the first hidden layer, at the end', comparison: 'below', threshold: ours(1.1, 'vgg'), fullyConnected: ours(1.25, 'mlp'), over: 'classes',
      measure: (run) => capacityOverChance(run, { set: 'permuted', layer: firstLayer(run), epoch: endMeasuredEpoch(run) }), remark: sayGradual,
    }),
    afterMemorization({
      name: 'radiusChange', statistic: 'Relative change of the radius of permuted in the last hidden layer, from before training to the end', comparison: 'below', threshold: ours(-0.25, 'vgg'), fullyConnected: ours(-0.22, 'mlp'), over: 'classes',
      measure: (run) => changeOf(run, 'radius', lastLayer(run)),
    }),
    afterMemorization({
      name: 'dimensionChange', statistic: 'Relative change of the dimension of permuted in the last hidden layer, from before training to the end', comparison: 'below', threshold: ours(-0.22, 'vgg'), fullyConnected: ours(-0.28, 'mlp'), over: 'classes',
      measure: (run) => changeOf(run, 'dimension', lastLayer(run)),
    }),
    afterMemorization({
      name: 'earlyLayersChange', statistic: 'Relative change of radius and dimension of permuted, the greatest of all hidden layers but the last two, from before training to the end', comparison: 'below', threshold: ours(0.12, 'vgg'), fullyConnected: 'not claimed', over: 'classes', range: [0, Infinity],
      measure: (run) => greatest(earlyLayers(run).flatMap((layer) => ['radius', 'dimension'].map((measure) => magnitude(changeOf(run, measure, layer))))), remark: sayGradual,
    }),
    afterMemorization({
      name: 'restoredCapacityKept', statistic: 'Capacity of restored in the last hidden layer, at the end over at the best test epoch', comparison: 'below', threshold: ours(0.75, 'vgg'), over: 'classes',
      measure: (run) => keptCapacity(run, 'restored'),
      remark: describeKept,
    }),
    {
      name: 'lastAboveFirst', statistic: 'Capacity of permuted at the end, last hidden layer over first', comparison: 'above', threshold: byDefinition(1), over: 'classes', isDeciding: false,
      measure: lastOverFirst,
    },
  ],
};

/** Leaves a criterion undecided where nothing was memorized. */
function afterMemorization(criterion: Criterion): Criterion {
  return { ...criterion, measure: (run, runs) => ifMemorized(run, criterion.measure(run, runs)) };
}

/** Relative change of a measure of the permuted set over training. */
function changeOf(run: Run, measure: string, layer: string): Estimate {
  const at = (epoch: number): Estimate => measureAt(run, { set: 'permuted', measure, layer, epoch });
  return linear(ratio(at(endMeasuredEpoch(run)), at(0)), 1, -1);
}

/** Capacity in the last hidden layer, at the end over at the best test epoch. */
function keptCapacity(run: Run, set: string): Estimate {
  const at = (epoch: number): Estimate => measureAt(run, { set, measure: 'capacity', layer: lastLayer(run), epoch });
  return ratio(at(endMeasuredEpoch(run)), at(bestMeasuredEpoch(run)));
}

/** The unpermuted set loses capacity as well, which a reader of the restored set must know. */
function describeKept(run: Run): string {
  const nearest = sayNearest(run);
  return `of unpermuted, ${formatValue(keptCapacity(run, 'unpermuted').value)} is left${nearest === undefined ? '' : `; ${nearest}`}`;
}

function lastOverFirst(run: Run): Estimate {
  const at = (layer: string): Estimate => measureAt(run, { set: 'permuted', measure: 'capacity', layer, epoch: endMeasuredEpoch(run) });
  return ratio(at(lastLayer(run)), at(firstLayer(run)));
}

function sayGradual(run: Run): string | undefined {
  return isFullyConnected(run) ? isGradual : undefined;
}
