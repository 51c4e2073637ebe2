import type { MeasureInfo } from './measure-info.js';

/** The measures of geometry/simulated-capacity, in reading order. */
export const simulatedCapacityMeasures: readonly MeasureInfo[] = [];
