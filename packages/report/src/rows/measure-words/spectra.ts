import type { MeasureInfo } from './measure-info.js';

/** The measures of geometry/spectra, in reading order. */
export const spectraMeasures: readonly MeasureInfo[] = [
  {
    name: 'participationRatio', title: 'Participation ratio', axis: 'Participation ratio (directions)', isFromZero: true,
    meaning: 'how many directions carry the variance of all points of a set together, classes included: N if it is spread evenly over N. It grows with the number of points until they far outnumber the directions.',
  },
  {
    name: 'participationRatioCorrected', title: 'Participation ratio, corrected', axis: 'Participation ratio (directions)', isFromZero: true,
    meaning: 'the participation ratio that endlessly many points would have, estimated from those there are.',
  },
  {
    name: 'explainedVarianceDimension', title: 'Explained-variance dimension', axis: 'Principal components (number)', isFromZero: true,
    meaning: 'how many principal components hold most of the variance of all points of a set, 90 % unless the stage was told otherwise.',
  },
  {
    name: 'rankMe', title: 'RankMe', axis: 'RankMe (effective rank)', isFromZero: true,
    meaning: 'a smooth count of the directions in use, the exponential of the entropy of the singular values; their mean is not taken off, so one large common direction lowers it.',
  },
  {
    name: 'stableRank', title: 'Stable rank', axis: 'Stable rank (directions)', isFromZero: true,
    meaning: 'the sum of squares of all activations over that along their strongest direction; 1 if all points lie on a line through the origin. The mean is not taken off.',
  },
  {
    name: 'alphaReq', title: 'Spectrum decay (alpha-ReQ)', axis: 'Decay exponent', isFromZero: false,
    meaning: 'how fast the variance falls from one principal component to the next, the exponent of a power law fitted from the 11th on. Near 1 the fine detail is just kept; larger means fewer directions.',
  },
  {
    name: 'alphaReqFit', title: 'Fit of the spectrum decay', axis: 'R squared of the power law', isFromZero: true,
    meaning: 'how well a power law describes the decay of the spectrum, 0 to 1. Well below 1 the exponent means little.',
  },
  {
    name: 'twoNnDimension', title: 'Intrinsic dimension (TwoNN)', axis: 'Intrinsic dimension', isFromZero: true,
    meaning: 'the dimension of the curved surface that the points lie on, from how much farther the second-nearest neighbor is than the nearest. It comes out low above about 10.',
  },
  {
    name: 'mleDimension', title: 'Intrinsic dimension (likelihood)', axis: 'Intrinsic dimension', isFromZero: true,
    meaning: 'the dimension of the curved surface that the points lie on, from the distances to several neighbors: steadier than TwoNN, over a wider neighborhood.',
  },
];
