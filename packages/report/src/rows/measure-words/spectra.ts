import type { MeasureInfo } from './measure-info.js';

/** The measures of geometry/spectra, in reading order. */
export const spectraMeasures: readonly MeasureInfo[] = [];
