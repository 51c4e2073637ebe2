import type { MeasureInfo } from './measure-info.js';

/** The measures of geometry/glue, in reading order. */
export const glueMeasures: readonly MeasureInfo[] = [];
