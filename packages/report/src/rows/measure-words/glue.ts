import type { MeasureInfo } from './measure-info.js';

/** The measures of geometry/glue, in reading order. */
export const glueMeasures: readonly MeasureInfo[] = [
  {
    name: 'glueCapacity', title: 'Capacity, GLUE', axis: 'Capacity (classes per feature)', isFromZero: true,
    meaning: 'the number of classes per feature at which two-way groupings of just these classes, correlated as they are, can be told apart by a plane through the origin.',
  },
  {
    name: 'glueRadius', title: 'Effective radius, GLUE', axis: 'Effective radius (center norms)', isFromZero: true,
    meaning: 'how far the points that hold the separating plane move about their mean within a class, relative to that mean, as far as it matters for separating all classes. Smaller means more tightly grouped.',
  },
  {
    name: 'glueDimension', title: 'Effective dimension, GLUE', axis: 'Effective dimension (directions)', isFromZero: true,
    meaning: 'in how many directions per class the points that hold the separating plane move. Smaller means fewer directions in which a class varies where it matters.',
  },
  {
    name: 'glueCenterAlignment', title: 'Center alignment, GLUE', axis: 'Center alignment (mean |cosine|)', isFromZero: true,
    meaning: 'mean absolute cosine between the mean points that hold the plane of two classes; 0 means unrelated directions.',
  },
  {
    name: 'glueAxisAlignment', title: 'Axis alignment, GLUE', axis: 'Axis alignment (mean |cosine|)', isFromZero: true,
    meaning: 'mean absolute cosine between the directions in which two classes vary at the plane; 0 means that they vary in unrelated directions.',
  },
  {
    name: 'glueCenterAxisAlignment', title: 'Center-axis alignment, GLUE', axis: 'Center-axis alignment (mean |cosine|)', isFromZero: true,
    meaning: 'mean absolute cosine between the mean of one class and the direction in which another varies at the plane.',
  },
  {
    name: 'glueGeometricCapacity', title: 'Capacity from radius and dimension, GLUE', axis: 'Capacity (classes per feature)', isFromZero: true,
    meaning: 'the capacity that effective radius and dimension give by themselves, (1 + 1/R^2)/D; above the capacity where classes are small.',
  },
  {
    name: 'glueUtility', title: 'Utility, GLUE', axis: 'Utility (ratio of capacities)', isFromZero: true,
    meaning: 'the capacity as a fraction of what effective radius and dimension give by themselves.',
  },
];
