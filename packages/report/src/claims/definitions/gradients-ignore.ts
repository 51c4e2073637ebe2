import { finalEpochOf, ifMemorized } from '../accuracies.js';
import { byDefinition, ours, type ClaimDefinition } from '../criterion.js';
import { difference, greatest, least, type Estimate } from '../estimate.js';
import { allLayers, gradientAt, gradientEpochs, outerGroups, requireCentered } from '../gradient-values.js';
import { NotMeasured } from '../not-measured.js';
import type { Run } from '../runs.js';

const ratioWords = 'Label-dependent part of the gradient, norm for permuted over norm for unpermuted, centered';
const groupWords = 'of the first, middle and last layer';

/** Permuted examples hardly pull on the weights early in training [stephenson2021geometry]. */
export const gradientsIgnore: ClaimDefinition = {
  name: 'gradientsIgnore',
  statement: 'Early in training the part of the gradient that depends on labels is small, though not zero, for permuted images; it grows as they are memorized.',
  criteria: [
    {
      name: 'permutedGradientEarly', statistic: `${ratioWords}, the greatest ${groupWords} after one and two epochs`, comparison: 'below', threshold: ours(0.35, 'vgg'), over: 'examples',
      measure: earlyRatio,
      remark: () => 'small, not zero: a finite number of random labels never cancels completely',
    },
    {
      name: 'permutedGradientAtEnd', statistic: `${ratioWords}, the least ${groupWords} at the end`, comparison: 'above', threshold: ours(0.45, 'vgg'), over: 'examples',
      measure: finalRatio,
    },
    {
      name: 'alignmentAtStart', statistic: 'Before training, alignment of the gradients with the labels: restored less permuted, all layers together', comparison: 'above', threshold: byDefinition(0), over: 'examples',
      measure: alignmentGap,
    },
  ],
};

function ratios(run: Run, epoch: number): Estimate[] {
  requireCentered(run);
  return outerGroups(run).map((layer) => gradientAt(run, { set: 'permuted', measure: 'labelDependentRatio', layer, epoch }));
}

/** The greatest ratio of the outer layers after one and two epochs, or after the one of them that was measured. */
function earlyRatio(run: Run): Estimate {
  const early = gradientEpochs(run).filter((epoch) => epoch === 1 || epoch === 2);
  if (early.length === 0) throw new NotMeasured('the gradient was not measured after one or two epochs');
  return greatest(early.flatMap((epoch) => ratios(run, epoch)));
}

function finalRatio(run: Run): Estimate {
  const [last, final] = [Math.max(...gradientEpochs(run)), finalEpochOf(run)];
  if (last < final) throw new NotMeasured(`the gradient was not measured at the end (epoch ${final})`);
  return ifMemorized(run, least(ratios(run, last)));
}

function alignmentGap(run: Run): Estimate {
  const at = (set: string): Estimate => gradientAt(run, { set, measure: 'alignment', layer: allLayers, epoch: 0 });
  return difference(at('restored'), at('permuted'));
}
