import { accuracyAt, bestEpochOf } from '../accuracies.js';
import { byDefinition, fraction, ours, type ClaimDefinition } from '../criterion.js';
import { difference, greatest, linear, magnitude, meanOf, ratio, type Estimate } from '../estimate.js';
import { bestMeasuredEpoch, capacityOverChance, hiddenLayers, lastLayer, measureAt, sayNearest } from '../geometry-values.js';
import type { Run } from '../runs.js';

/** What images of a class share is learned first, random labels are not [stephenson2021geometry]. */
export const generalizesFirst: ClaimDefinition = {
  name: 'generalizesFirst',
  statement: 'The network first learns what the images of a class share, in all layers, and does not yet learn random labels in any.',
  criteria: [
    {
      name: 'permutedAccuracyAtBest', statistic: 'Permuted images given the wrong label they are trained on, at the best test epoch', comparison: 'below', threshold: ours(0.08, 'vgg'), fullyConnected: ours(0.14, 'mlp'), over: 'examples', range: fraction,
      measure: (run) => accuracyAt(run, 'permuted', bestEpochOf(run)),
    },
    {
      name: 'unpermutedAccuracyAtBest', statistic: 'Accuracy on unpermuted images at the best test epoch', comparison: 'above', threshold: ours(0.82, 'vgg'), fullyConnected: ours(0.8, 'mlp'), over: 'examples', range: fraction,
      measure: (run) => accuracyAt(run, 'unpermuted', bestEpochOf(run)),
    },
    {
      name: 'restoredAccuracyAtBest', statistic: 'Permuted images given their true label at the best test epoch', comparison: 'above', threshold: ours(0.65, 'vgg'), fullyConnected: ours(0.6, 'mlp'), over: 'examples', range: fraction,
      measure: (run) => accuracyAt(run, 'restored', bestEpochOf(run)),
    },
    {
      // The mean over layers: the greatest of several noisy deviations would say more about the noise.
      name: 'permutedCapacityAtStart', statistic: 'Before training, deviation of the capacity of permuted from chance 2/M, mean over the hidden layers', comparison: 'below', threshold: ours(0.1, 'vgg'), over: 'classes',
      measure: (run) => meanOf(hiddenLayers(run).map((layer) => magnitude(linear(capacityOverChance(run, { set: 'permuted', layer, epoch: 0 }), 1, -1)))),
    },
    {
      name: 'permutedCapacityAtBest', statistic: 'Capacity of permuted over chance 2/M, the greatest of the hidden layers, at the best test epoch', comparison: 'below', threshold: ours(1.25, 'vgg'), fullyConnected: ours(1.3, 'mlp'), over: 'classes',
      measure: (run) => greatest(hiddenLayers(run).map((layer) => capacityOverChance(run, { set: 'permuted', layer, epoch: bestMeasuredEpoch(run) }))), remark: sayNearest,
    },
    {
      name: 'unpermutedCapacityGrowth', statistic: 'Capacity of unpermuted in the last hidden layer, at the best test epoch over before training', comparison: 'above', threshold: ours(1.4, 'vgg'), over: 'classes',
      measure: unpermutedGrowth, remark: sayNearest,
    },
    {
      name: 'trueOverAssigned', statistic: 'Permuted images given their true label less those given the wrong one, at the best test epoch', comparison: 'above', threshold: byDefinition(0), over: 'examples', isDeciding: false,
      measure: (run) => difference(accuracyAt(run, 'restored', bestEpochOf(run)), accuracyAt(run, 'permuted', bestEpochOf(run))),
    },
  ],
};

function unpermutedGrowth(run: Run): Estimate {
  const at = (epoch: number): Estimate => measureAt(run, { set: 'unpermuted', measure: 'capacity', layer: lastLayer(run), epoch });
  return ratio(at(bestMeasuredEpoch(run)), at(0));
}
