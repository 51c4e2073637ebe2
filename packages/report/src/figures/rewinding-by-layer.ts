import type { RewindingRow } from '@memgeo/artifacts';
import { sortLayers, type Located } from '../rows/gather.js';
import { valueDomain } from './axes.js';
import type { ChartPanel, Figure, Line } from './figure.js';
import { describeRuns, linePoints } from './line-points.js';
import { atBestEpoch, describeEnds, describeTreatment, mainRewinding, storedRewinding, treatments, wholeAccuracy } from './rewinding-rows.js';

/**
 * Lays out which share of the lost test accuracy comes back when layers are set back to the best test epoch.
 *
 * @param rows  Rows of rewinding tables.
 * @param options.bestEpoch  Epoch of the best test accuracy, used if the rows do not tell it.
 * @returns a figure; undefined if no restoration was measured.
 */
export function restorationByLayer(rows: readonly Located<RewindingRow>[], options: { bestEpoch?: number | undefined } = {}): Figure | undefined {
  const { rows: main, treatment } = mainRewinding(rows);
  const shown = atBestEpoch(main, options).filter((row) => row.measure === 'restoration' && row.set === 'test' && row.value !== null);
  if (shown.length === 0) return undefined;
  const layers = sortLayers(shown);
  const lines = ([['tail', 'and all after'], ['single', 'by itself']] as const).flatMap(([variant, label]): Line[] => {
    const points = linePoints(shown.filter((row) => row.variant === variant), (row) => row.layer, layers);
    return points.length === 0 ? [] : [{ set: 'test', label, isDashed: variant === 'single', points }];
  });
  const levels = [{ value: 0, label: 'final' }, { value: 1, label: 'best epoch' }];
  return {
    name: 'restoration-by-layer',
    title: 'How much of the lost generalization does each layer give back?',
    caption: `Share of the lost test accuracy that comes back when a layer, by itself or with all after it, is set back to ${describeEpoch(shown)}: 0 is the final network, 1 that of the best epoch. Evaluated ${describeTreatment(treatment)}. ${describeRuns(shown, { over: 'test examples' })}`,
    panels: [{
      kind: 'chart', title: 'Restored test accuracy', x: { kind: 'layers', layers, label: 'Layer set back, input side left' },
      y: { label: 'Restored share of the loss', domain: valueDomain(lines, { isFromZero: false, levels: [0, 1] }) }, lines, levels, moments: [],
    }],
  };
}

/**
 * Lays out the test accuracy of networks with their last layers set back, by what is done about batch normalization.
 *
 * @returns a figure; undefined if fewer than two treatments were evaluated.
 */
export function batchNormByLayer(rows: readonly Located<RewindingRow>[], options: { bestEpoch?: number | undefined } = {}): Figure | undefined {
  const stored = storedRewinding(rows);
  const shown = atBestEpoch(stored, options).filter((row) => row.variant === 'tail' && row.measure === 'accuracy' && row.set === 'test' && row.value !== null);
  const layers = sortLayers(shown);
  const lines = treatments.flatMap((treatment): Line[] => {
    const points = linePoints(shown.filter((row) => row.batchNorm === treatment), (row) => row.layer, layers);
    return points.length === 0 ? [] : [{ set: treatment, points }];
  });
  if (lines.length < 2) return undefined;
  const levels = (['final', 'best'] as const).flatMap((variant): ChartPanel['levels'][number][] => {
    const value = wholeAccuracy(stored, variant, 'test');
    return value === undefined ? [] : [{ value, label: variant === 'final' ? 'final' : 'best epoch' }];
  });
  return {
    name: 'batch-norm-by-layer',
    title: 'What do the statistics of batch normalization decide?',
    caption: `Test accuracy when a layer and all after it are set back to ${describeEpoch(shown)}, by what is done about the running statistics of batch normalization: estimated again on the training images, set back with the weights, or kept as they are at the end. The weights are the same in all three.${describeEnds(stored)} ${describeRuns(shown, { over: 'test examples' })}`,
    panels: [{
      kind: 'chart', title: 'Last layers set back', x: { kind: 'layers', layers, label: 'Set back from layer, input side left' },
      y: { label: 'Test accuracy (fraction)', domain: [0, 1] }, lines, levels, moments: [],
    }],
  };
}

function describeEpoch(rows: readonly RewindingRow[]): string {
  const epochs = [...new Set(rows.map((row) => row.epoch))];
  return epochs.length === 1 ? `epoch ${epochs[0]}` : 'the best test epoch of its run';
}
