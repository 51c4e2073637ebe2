import type { MeasureInfo } from './measure-info.js';

/** The measures of geometry/simulated-capacity, in reading order. */
export const simulatedCapacityMeasures: readonly MeasureInfo[] = [
  {
    name: 'simulatedCapacity', title: 'Capacity by simulation', axis: 'Capacity (classes per dimension)', isFromZero: true,
    meaning: 'the number of classes per random dimension at which half of random two-way groupings of the classes can be told apart by a plane, found by trying. Theory predicts it: compare with the capacity.',
  },
  {
    name: 'criticalDimension', title: 'Critical dimension', axis: 'Critical dimension (dimensions)', isFromZero: true,
    meaning: 'the number of random dimensions in which half of random two-way groupings of the classes can be told apart by a plane. Smaller means that classes are easier to separate.',
  },
];
