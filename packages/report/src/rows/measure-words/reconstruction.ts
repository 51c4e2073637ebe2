import type { MeasureInfo } from './measure-info.js';

/** The measures of geometry/reconstruction, in reading order. */
export const reconstructionMeasures: readonly MeasureInfo[] = [
  {
    name: 'reconstructionR2', title: 'Reconstruction of the input', axis: 'R squared of the decoded input (1 is all)', isFromZero: true,
    meaning: 'the share of the variance of the images that a linear decoder finds in a layer, on images it has not seen. 1 means that the layer still shows the whole image, 0 nothing of it; what is there but not in a linear way does not count.',
  },
];
