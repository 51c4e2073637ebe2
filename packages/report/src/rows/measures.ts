import { glueMeasures } from './measure-words/glue.js';
import type { MeasureInfo } from './measure-words/measure-info.js';
import { mftmaMeasures } from './measure-words/mftma.js';
import { reconstructionMeasures } from './measure-words/reconstruction.js';
import { separationMeasures } from './measure-words/separation.js';
import { simulatedCapacityMeasures } from './measure-words/simulated-capacity.js';
import { spectraMeasures } from './measure-words/spectra.js';

export type { MeasureInfo };

/** In reading order. */
const known = [...mftmaMeasures, ...simulatedCapacityMeasures, ...glueMeasures, ...spectraMeasures, ...separationMeasures, ...reconstructionMeasures];

/** The measures with figures of their own, in reading order. */
export const mainMeasures = ['capacity', 'radius', 'dimension', 'centerCorrelation'] as const;

/** Describes a measure; one of the user's is shown under its own name. */
export function describeMeasure(name: string): MeasureInfo {
  return known.find((measure) => measure.name === name) ?? { name, title: name, axis: name, meaning: 'a measure this report has no words for.', isFromZero: false };
}

/** Sorts names of measures: known ones in reading order, then others by name. */
export function sortMeasures(names: Iterable<string>): string[] {
  const rank = (name: string): number => {
    const index = known.findIndex((measure) => measure.name === name);
    return index < 0 ? known.length : index;
  };
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0));
}
