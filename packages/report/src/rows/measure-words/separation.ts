import type { MeasureInfo } from './measure-info.js';

/** The measures of geometry/separation, in reading order. */
export const separationMeasures: readonly MeasureInfo[] = [];
