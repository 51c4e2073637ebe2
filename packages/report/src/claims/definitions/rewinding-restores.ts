import type { RewindingRow } from '@memgeo/artifacts';
import { accuracyAt, bestEpochOf, finalAccuracy } from '../accuracies.js';
import { byDefinition, fraction, ours, type ClaimDefinition, type Criterion } from '../criterion.js';
import { isGradual, isOptimistic } from '../doubts.js';
import { difference, fromAccuracy, fromError, least, type Estimate } from '../estimate.js';
import { formatValue } from '../format-value.js';
import { nearestEpoch } from '../geometry-values.js';
import { isFullyConnected } from '../network-kind.js';
import { NotMeasured } from '../not-measured.js';
import type { Run } from '../runs.js';

const nothingLost = 'no test accuracy was lost, so none can be restored';
/** A smaller loss is within what test accuracies jitter from epoch to epoch. */
const clearLoss = 0.05;
const statistics = 'set back to the best test epoch (statistics of batch normalization re-estimated)';

/** Setting back the last layers restores generalization [stephenson2021geometry]. */
export const rewindingRestores: ClaimDefinition = {
  name: 'rewindingRestores',
  statement: 'Setting the last few layers back to an earlier epoch, without more training, restores most of the test accuracy that memorization cost.',
  criteria: [
    {
      name: 'testAccuracyLost', statistic: 'Best less final test accuracy', comparison: 'above', threshold: ours(clearLoss, 'vgg'), over: 'examples', isPrecondition: nothingLost,
      measure: lostBeforeRewinding,
      remark: () => isOptimistic,
    },
    ifLost({
      name: 'restorationByLast3', statistic: `Fraction of the lost test accuracy that comes back with the last 3 layers ${statistics}`, comparison: 'above', threshold: ours(0.5, 'vgg'), fullyConnected: 'not claimed', over: 'examples',
      measure: (run) => tailValue(run, 3, 'restoration'),
      remark: (run) => [`the last layer alone brings back ${formatValue(tailValue(run, 1, 'restoration').value)}`, ...(isFullyConnected(run) ? [isGradual] : []), ...sayNearestRewound(run)].join('; '),
    }),
    ifLost({
      name: 'restorationByLast4', statistic: `Fraction of the lost test accuracy that comes back with the last 4 layers ${statistics}`, comparison: 'above', threshold: ours(0.65, 'vgg'), fullyConnected: ours(0.35, 'mlp'), over: 'examples',
      measure: (run) => tailValue(run, 4, 'restoration'),
    }),
    ifLost({
      name: 'permutedAccuracyAfterLast3', statistic: `Permuted accuracy with the last 3 layers ${statistics}`, comparison: 'below', threshold: ours(0.2, 'vgg'), fullyConnected: 'not claimed', over: 'examples', range: fraction,
      measure: (run) => tailValue(run, 3, 'permuted'),
    }),
    ifLost({
      name: 'permutedAccuracyAfterLast4', statistic: `Permuted accuracy with the last 4 layers ${statistics}`, comparison: 'below', threshold: ours(0.15, 'vgg'), fullyConnected: ours(0.45, 'mlp'), over: 'examples', range: fraction,
      measure: (run) => tailValue(run, 4, 'permuted'),
    }),
    ifLost({
      name: 'tailIsMonotone', statistic: `Least gain in restored test accuracy by one more of the last 4 layers ${statistics}`, comparison: 'above', threshold: byDefinition(0), over: 'examples', isDeciding: false,
      measure: (run) => least([2, 3, 4].map((count) => difference(tailValue(run, count, 'restoration'), tailValue(run, count - 1, 'restoration')))),
    }),
  ],
};

function lostAccuracy(run: Run): Estimate {
  return difference(accuracyAt(run, 'test', bestEpochOf(run)), finalAccuracy(run, 'test'));
}

/** The same, told only where something was set back. */
function lostBeforeRewinding(run: Run): Estimate {
  rewoundRows(run);
  return lostAccuracy(run);
}

/** Leaves a criterion undecided where there was nothing to restore. */
function ifLost(criterion: Criterion): Criterion {
  return {
    ...criterion,
    measure: (run, runs) => {
      const estimate = criterion.measure(run, runs);
      return lostAccuracy(run).value > clearLoss ? estimate : { ...estimate, doubts: [nothingLost, ...estimate.doubts] };
    },
  };
}

/** Rows with stored weights and readout whose statistics were estimated again, or of networks that have none. */
function rewoundRows({ rewinding }: Run): RewindingRow[] {
  if (rewinding.length === 0) throw new NotMeasured('no layers were set back');
  const rows = rewinding.filter((row) => row.variant === 'tail' && row.weights === 'stored' && row.readout === 'stored' && (row.batchNorm === 'reestimated' || row.batchNorm === 'none'));
  if (rows.length === 0) throw new NotMeasured('no last layers were set back to stored weights with the statistics of batch normalization re-estimated');
  return rows;
}

/** Says that another epoch stands in for the best one. */
function sayNearestRewound(run: Run): string[] {
  const best = bestEpochOf(run);
  const epoch = nearestEpoch([...new Set(rewoundRows(run).map((row) => row.epoch))], best);
  return epoch === best ? [] : [`set back to epoch ${epoch}, the nearest to the best test epoch, ${best}`];
}

/** What the network does with its last layers set back: restoration of the test accuracy, or the permuted accuracy. */
function tailValue(run: Run, count: number, of: 'restoration' | 'permuted'): Estimate {
  const tails = rewoundRows(run).filter((row) => row.layers.split(', ').length === count);
  if (tails.length === 0) throw new NotMeasured(`the last ${count} layers together were not set back`);
  if (tails.some(({ layerIndex }) => layerIndex === 1)) throw new NotMeasured(`the network has ${count} layers only: all of it would be set back`);
  const epoch = nearestEpoch([...new Set(tails.map((row) => row.epoch))], bestEpochOf(run));
  const [set, measure] = of === 'permuted' ? ['permuted', 'accuracy'] : ['test', 'restoration'];
  const row = tails.find((candidate) => candidate.epoch === epoch && candidate.set === set && candidate.measure === measure);
  if (row === undefined) throw new NotMeasured(of === 'permuted' ? 'no permuted examples' : `the restoration by the last ${count} layers was not measured`);
  if (row.value === null || !Number.isFinite(row.value)) throw new NotMeasured(row.note === '' ? `the ${measure} with the last ${count} layers set back has no value` : row.note.replace(/\.$/, ''));
  const place = { layers: [row.layers], epochs: [epoch] };
  return of === 'permuted' ? fromAccuracy(row.value, row.examples, place) : fromError(row.value, row.standardError, place);
}
