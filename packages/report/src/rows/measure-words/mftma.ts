import type { MeasureInfo } from './measure-info.js';

/** The measures of geometry/mftma, in reading order. */
export const mftmaMeasures: readonly MeasureInfo[] = [
  {
    name: 'capacity', title: 'Capacity', axis: 'Capacity (classes per feature)', isFromZero: true,
    meaning: 'the largest number of classes per feature at which random two-way groupings of the class manifolds can still be told apart by a plane. Manifolds without any shared structure reach only chance, 2/M with M points each.',
  },
  {
    name: 'radius', title: 'Radius', axis: 'Radius (center norms)', isFromZero: false,
    meaning: 'how far the points that decide the separating plane lie from the center of their class, in units of the center\'s norm. Smaller means more tightly grouped.',
  },
  {
    name: 'dimension', title: 'Dimension', axis: 'Dimension (directions)', isFromZero: false,
    meaning: 'in how many directions the points that decide the plane spread within a class. Smaller means fewer directions in which a class varies where it matters.',
  },
  {
    name: 'centerCorrelation', title: 'Center correlation', axis: 'Center correlation (mean |cosine|)', isFromZero: true,
    meaning: 'mean absolute cosine between the centers of two classes; 0 means that class centers point in unrelated directions.',
  },
  {
    name: 'dimensionPrx', title: 'Dimension, spread about the mean anchor', axis: 'Dimension (directions)', isFromZero: false,
    meaning: 'the dimension by equation 29 of Chung et al. 2018, which is exact for small dimensions too.',
  },
  {
    name: 'centerRank', title: 'Center rank', axis: 'Center rank (directions)', isFromZero: true,
    meaning: 'the number of directions shared by the class centers that were removed before radius and dimension were measured.',
  },
  {
    name: 'correlatedCapacity', title: 'Capacity with center correlation', axis: 'Capacity (classes per feature)', isFromZero: true,
    meaning: 'the capacity when each direction that class centers share takes a feature of its own. How far it lies below the capacity is what the correlation of the centers costs.',
  },
  {
    name: 'ballCapacity', title: 'Capacity of balls', axis: 'Capacity (classes per feature)', isFromZero: true,
    meaning: 'the capacity of balls of the measured radius and dimension. Close to the capacity, radius and dimension say all that matters of the shape.',
  },
  {
    name: 'gaussianRadius', title: 'Gaussian radius', axis: 'Radius (center norms)', isFromZero: false,
    meaning: 'how far the outermost points along random directions lie from the center of their class: the size of a class that no task has weighed.',
  },
  {
    name: 'gaussianDimension', title: 'Gaussian dimension', axis: 'Dimension (directions)', isFromZero: false,
    meaning: 'in how many directions the outermost points of a class spread, whether they matter to a plane or not.',
  },
];
