import type { GeometryRow } from '@memgeo/artifacts';
import { finalAccuracy } from '../accuracies.js';
import { ours, type ClaimDefinition } from '../criterion.js';
import { difference, linear, magnitude, ratio, type Estimate } from '../estimate.js';
import { endMeasuredEpoch, lastLayer, measureAt } from '../geometry-values.js';
import { featuresPerPoint, hasEnoughFeatures } from '../../rows/width-sweep.js';
import { NotMeasured } from '../not-measured.js';
import type { Run } from '../runs.js';

type Point = Run['sweep'][number];

/** Test accuracy falls and recovers with width, at a steady radius and a growing dimension [stephenson2021geometry]. */
export const doubleDescent: ClaimDefinition = {
  name: 'doubleDescent',
  statement: 'As a network trained on partly wrong labels gets wider, its test accuracy falls and recovers, while the radius of the test classes stays about the same and their dimension grows.',
  criteria: [
    {
      name: 'dipDepth', statistic: 'Fall of the final test accuracy from a width to a greater one, where it falls most in the other seeds', comparison: 'above', threshold: ours(0.03, 'sweep'), over: 'examples',
      measure: (run, runs) => fallOf(findDip(run, runs)), remark: describeDip,
    },
    {
      name: 'recovery', statistic: 'Final test accuracy of the widest network less that at the bottom of the fall', comparison: 'above', threshold: ours(0.04, 'sweep'), over: 'examples',
      measure: (run, runs) => recoveryOf(findDip(run, runs)),
    },
    {
      name: 'radiusAcrossWidths', statistic: 'Relative change of the radius of test in the last hidden layer, from the narrowest network with enough features to the widest', comparison: 'below', threshold: ours(0.1, 'sweep'), over: 'classes', range: [0, Infinity],
      measure: (run) => magnitude(linear(acrossWidths(run, 'radius'), 1, -1)), remark: describeWidths,
    },
    {
      name: 'dimensionAcrossWidths', statistic: 'Dimension of test in the last hidden layer, the widest network over the narrowest with enough features', comparison: 'above', threshold: ours(1.08, 'sweep'), over: 'classes',
      measure: (run) => acrossWidths(run, 'dimension'), remark: describeWidths,
    },
  ],
};

type Scored = { readonly width: number; readonly accuracy: Estimate };
type Dip = { readonly peak: Scored; readonly dip: Scored; readonly widest: Scored };

/** Final test accuracies of a sweep, by ascending width. */
function scoreWidths(run: Run): Scored[] {
  const scored = run.sweep.filter(({ history }) => history.length > 0).map((point) => ({ width: point.width, accuracy: finalAccuracy(point, 'test') }));
  if (scored.length < 3) throw new NotMeasured(scored.length === 0 ? 'no sweep of widths' : `a sweep needs three widths or more; there ${scored.length === 1 ? 'is 1' : 'are 2'}`);
  return scored;
}

/**
 * The pair of widths between which the final test accuracy falls most, and the widest network.
 *
 * The pair is chosen on the mean of the other seeds: the deepest of all falls in the seed itself would be deep by its noise alone.
 */
function findDip(run: Run, runs: readonly Run[]): Dip {
  const scored = scoreWidths(run);
  const others = runs.filter((other) => other !== run && other.sweep.length > 0).map(scoreWidths);
  const meanAt = ({ width, accuracy }: Scored): number => {
    const found = others.flatMap((one) => one.filter((point) => point.width === width)).map((point) => point.accuracy.value);
    return found.length === 0 ? accuracy.value : found.reduce((sum, value) => sum + value, 0) / found.length;
  };
  const means = scored.map(meanAt);
  let [from, to] = [0, 1];
  for (let i = 0; i < scored.length; i++) for (let j = i + 1; j < scored.length; j++) if (means[i]! - means[j]! > means[from]! - means[to]!) [from, to] = [i, j];
  return { peak: scored[from]!, dip: scored[to]!, widest: scored.at(-1)! };
}

function fallOf({ peak, dip }: Dip): Estimate {
  return difference(peak.accuracy, dip.accuracy);
}

function recoveryOf({ dip, widest }: Dip): Estimate {
  return difference(widest.accuracy, dip.accuracy);
}

function describeDip(run: Run, runs: readonly Run[]): string {
  const { peak, dip } = findDip(run, runs);
  return `from width ${peak.width} to ${dip.width}${runs.length === 1 ? ', chosen on this seed itself, which favors a fall' : ''}`;
}

/** Widths whose analyzed layer has enough features for its dimension to be that of the classes, and the others. */
function usableWidths({ sweep }: Run): { usable: Point[]; narrow: Point[] } {
  const measured = sweep.filter(({ geometry }) => geometry.length > 0);
  if (measured.length === 0) throw new NotMeasured(sweep.length < 2 ? 'no sweep of widths' : 'there is no geometry of several widths');
  const isUsable = (point: Point): boolean => {
    const layer = lastLayer(point);
    const row = point.geometry.find((candidate: GeometryRow) => candidate.layer === layer && candidate.set === 'test');
    return row !== undefined && hasEnoughFeatures(row);
  };
  return { usable: measured.filter(isUsable), narrow: measured.filter((point) => !isUsable(point)) };
}

/** A measure in the widest network over that in the narrowest usable one. */
function acrossWidths(run: Run, measure: string): Estimate {
  const { usable } = usableWidths(run);
  if (usable.length < 2) throw new NotMeasured(`${usable.length === 0 ? 'no width has' : 'only one width has'} ${featuresPerPoint} features or more for each point and class`);
  const at = (point: Point): Estimate => measureAt(point, { set: 'test', measure, layer: lastLayer(point), epoch: endMeasuredEpoch({ ...run, ...point, sweep: [] }) });
  return ratio(at(usable.at(-1)!), at(usable[0]!));
}

/** Which widths are compared and which are left out. */
function describeWidths(run: Run): string {
  const { usable, narrow } = usableWidths(run);
  const list = (points: readonly Point[]): string => points.map(({ width }) => width).join(', ');
  const compared = usable.length < 2 ? '' : `width ${usable[0]!.width} to ${usable.at(-1)!.width}`;
  return [compared, ...(narrow.length === 0 ? [] : [`left out for having fewer than ${featuresPerPoint} features for each point and class: width ${list(narrow)}`])].filter((part) => part !== '').join('; ');
}
