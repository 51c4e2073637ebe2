import { sortLayers } from '../rows/gather.js';
import { fromError, type Estimate } from './estimate.js';
import { NotMeasured } from './not-measured.js';
import type { Run } from './runs.js';

/** What rows of all layers together stand under. */
export const allLayers = '(all layers)';

type HasGradients = Pick<Run, 'gradients'>;

/** Epochs with a gradient. */
export function gradientEpochs({ gradients }: HasGradients): number[] {
  if (gradients.length === 0) throw new NotMeasured('no gradients were measured');
  return [...new Set(gradients.map(({ epoch }) => epoch))].sort((a, b) => a - b);
}

/** The first, middle and last layer with weights; the middle one of an even number is the deeper. */
export function outerGroups({ gradients }: HasGradients): string[] {
  const layers = sortLayers(gradients.filter(({ layerIndex }) => layerIndex !== null));
  if (layers.length === 0) throw new NotMeasured('the gradients are of no layer');
  return [...new Set([layers[0]!, layers[Math.floor(layers.length / 2)]!, layers.at(-1)!])];
}

/** Not centered, the ratio is near 1 for any labels; only centered gradients have an unbiased norm. */
export function requireCentered({ gradients }: HasGradients): void {
  if (!gradients.some(({ measure }) => measure === 'labelDependentNormUnbiased')) throw new NotMeasured('the gradients are not centered, and without that the ratio is near 1 for any labels');
}

/** A measure of the gradient of a set in a layer at an epoch. */
export function gradientAt({ gradients }: HasGradients, { set, measure, layer, epoch }: { set: string; measure: string; layer: string; epoch: number }): Estimate {
  if (gradients.length === 0) throw new NotMeasured('no gradients were measured');
  const ofSet = gradients.filter((row) => row.set === set);
  if (ofSet.length === 0) throw new NotMeasured(set === 'unpermuted' ? 'no unpermuted examples' : 'no permuted examples');
  const row = ofSet.find((candidate) => candidate.measure === measure && candidate.layer === layer && candidate.epoch === epoch);
  if (row === undefined) throw new NotMeasured(`${measure} of ${set} in ${layer} was not measured at epoch ${epoch}`);
  if (row.value === null || !Number.isFinite(row.value)) throw new NotMeasured(`${measure} of ${set} in ${layer} at epoch ${epoch} has no value${row.note === '' ? '' : ` (${row.note.replace(/\.$/, '')})`}`);
  return fromError(row.value, row.standardError, { layers: layer === allLayers ? [] : [layer], epochs: [epoch] });
}
