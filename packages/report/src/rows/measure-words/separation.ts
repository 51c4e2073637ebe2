import type { MeasureInfo } from './measure-info.js';

/** The measures of geometry/separation, in reading order. */
export const separationMeasures: readonly MeasureInfo[] = [
  {
    name: 'withinClassCompression', title: 'Within-class compression', axis: 'Spread within classes / spread between (variance ratio)', isFromZero: true,
    meaning: 'how far points lie from the center of their class, squared, relative to how far the centers lie apart. 0 means that each class has shrunk to a point; without class structure it is about the number of points per class.',
  },
  {
    name: 'betweenClassDiscrimination', title: 'Between-class discrimination', axis: 'Discrimination (1 - largest cosine)', isFromZero: true,
    meaning: 'one minus the cosine of the two class centers that are nearest in direction. 0 means that two classes point the same way, 1 that all are at right angles or more.',
  },
  {
    name: 'nc1', title: 'Within-class variability, NC1', axis: 'NC1 (variance ratio)', isFromZero: true,
    meaning: 'spread within classes in just those directions that tell classes apart. 0 means that classes have collapsed to points there.',
  },
  {
    name: 'cdnv', title: 'Class-distance normalized variance', axis: 'CDNV (variance / squared distance)', isFromZero: true,
    meaning: 'for an average pair of classes, their spread relative to the squared distance between their centers. 0 means that classes are points.',
  },
  {
    name: 'nc2FrameDistance', title: 'Distance from a simplex frame, NC2', axis: 'NC2 (distance, 0 to 1.41)', isFromZero: true,
    meaning: 'how far the class centers are from standing at equal distances and equal angles, the most separate arrangement there is. 0 means that they stand so.',
  },
  {
    name: 'nc2NormVariation', title: 'Variation of center norms, NC2', axis: 'Center norms (standard deviation / mean)', isFromZero: true,
    meaning: 'how much the distances of class centers from their mean differ, relative to their average. 0 means equal distances.',
  },
  {
    name: 'nc2CosineSpread', title: 'Spread of center angles, NC2', axis: 'Center cosines (standard deviation)', isFromZero: true,
    meaning: 'how much the cosines between class centers differ from pair to pair. 0 means equal angles.',
  },
  {
    name: 'nc3', title: 'Distance of weights from centers, NC3', axis: 'NC3 (distance, 0 to 2)', isFromZero: true,
    meaning: 'how far the weights of the last layer are from the class centers, both brought to unit size. 0 means that they agree.',
  },
  {
    name: 'nc4', title: 'Decisions other than the nearest center, NC4', axis: 'NC4 (fraction of points)', isFromZero: true,
    meaning: 'the fraction of points that the network puts into another class than the one whose center is nearest.',
  },
  {
    name: 'fisherRatio', title: 'Fisher ratio', axis: 'Fisher ratio (between / within variance, summed over directions)', isFromZero: true,
    meaning: 'how far class centers lie apart when each direction is measured by the spread within classes. Larger means easier to separate; compare at equal numbers of points and features only.',
  },
  {
    name: 'nearestCenterAccuracy', title: 'Nearest-center accuracy', axis: 'Accuracy (fraction)', isFromZero: true,
    meaning: 'the fraction of points that lie nearer to the center of their own class, taken without them, than to any other. Chance is one over the number of classes.',
  },
  {
    name: 'ridgeProbeAssigned', title: 'Linear probe, assigned labels', axis: 'Accuracy (fraction)', isFromZero: true,
    meaning: 'how often a linear classifier trained on this layer under the labels of training, wrong ones included, is right about examples held out from it.',
  },
  {
    name: 'ridgeProbeAssignedFit', title: 'Linear probe, assigned labels, fit', axis: 'Accuracy (fraction)', isFromZero: true,
    meaning: 'how often that linear classifier is right about the examples it was trained on. On permuted examples it shows in which layer memorized labels can be read out.',
  },
  {
    name: 'ridgeProbeTrue', title: 'Linear probe, true labels', axis: 'Accuracy (fraction)', isFromZero: true,
    meaning: 'how often a linear classifier trained on this layer under true labels is right about examples held out from it.',
  },
  {
    name: 'ridgeProbeTrueFit', title: 'Linear probe, true labels, fit', axis: 'Accuracy (fraction)', isFromZero: true,
    meaning: 'how often that linear classifier is right about the examples it was trained on.',
  },
  {
    name: 'knnProbeAssigned', title: 'Nearest-neighbor probe, assigned labels', axis: 'Accuracy (fraction)', isFromZero: true,
    meaning: 'how often the nearest other training examples, under the labels of training, vote for the right class.',
  },
  {
    name: 'knnProbeTrue', title: 'Nearest-neighbor probe, true labels', axis: 'Accuracy (fraction)', isFromZero: true,
    meaning: 'how often the nearest other training examples, under their true labels, vote for the right class.',
  },
  {
    name: 'predictionDepth', title: 'Prediction depth', axis: 'Prediction depth (layers)', isFromZero: true,
    meaning: 'the mean depth from which on the nearest neighbors of an example vote as they do in the last layer. Easy examples are decided early.',
  },
  {
    name: 'compressionRatio', title: 'Compression per layer', axis: 'Compression per layer (factor)', isFromZero: true,
    meaning: 'the factor by which within-class compression changes from one layer to the next, by a straight line through its logarithm. Below 1 classes shrink with depth.',
  },
  {
    name: 'compressionFit', title: 'Straightness of compression', axis: 'R squared', isFromZero: true,
    meaning: 'how well a straight line describes the logarithm of within-class compression over layers; 1 is a perfect line.',
  },
  {
    name: 'discriminationSlope', title: 'Discrimination gained per layer', axis: 'Discrimination per layer', isFromZero: true,
    meaning: 'how much between-class discrimination grows from one layer to the next, by a straight line.',
  },
  {
    name: 'discriminationFit', title: 'Straightness of discrimination', axis: 'R squared', isFromZero: true,
    meaning: 'how well a straight line describes between-class discrimination over layers; 1 is a perfect line.',
  },
];
