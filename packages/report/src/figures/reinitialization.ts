import type { RewindingRow } from '@memgeo/artifacts';
import { sortLayers, type Located } from '../rows/gather.js';
import type { Figure, Line } from './figure.js';
import { describeRuns, linePoints } from './line-points.js';
import { describeEnds, mainRewinding, storedRewinding } from './rewinding-rows.js';

const kinds = [
  { weights: 'stored', readout: 'stored', label: 'first weights' },
  { weights: 'stored', readout: 'retrained', label: '… new read-out' },
  { weights: 'fresh', readout: 'stored', label: 'fresh weights' },
  { weights: 'fresh', readout: 'retrained', label: '… new read-out' },
] as const;

/**
 * Lays out the test accuracy of networks whose last layers begin anew, from their first or from fresh weights, with the read-out as it is or fitted again.
 *
 * @param rows  Rows of rewinding tables.
 * @returns a figure; undefined unless something was re-initialized to fresh weights or read out anew.
 */
export function reinitializationByLayer(rows: readonly Located<RewindingRow>[]): Figure | undefined {
  const { treatment } = mainRewinding(rows);
  const shown = rows.filter((row) => row.variant === 'tail' && row.epoch === 0 && row.batchNorm === treatment && row.set === 'test' && row.measure === 'accuracy' && row.value !== null);
  if (!shown.some((row) => row.weights === 'fresh' || row.readout === 'retrained')) return undefined;
  const layers = sortLayers(shown);
  const lines = kinds.flatMap(({ weights, readout, label }): Line[] => {
    const points = linePoints(shown.filter((row) => row.weights === weights && row.readout === readout), (row) => row.layer, layers);
    return points.length === 0 ? [] : [{ set: weights === 'stored' ? 'first weights' : 'fresh weights', label, isDashed: readout === 'retrained', points }];
  });
  return {
    name: 'reinitialization-by-layer',
    title: 'What is left if the last layers begin anew?',
    caption: `Test accuracy when a layer and all after it are set to their first weights or to fresh random ones, with the output layer as it then is, or (dashed) fitted again to the labels of training on the features before it.${describeEnds(storedRewinding(rows))} ${describeRuns(shown, { over: 'test examples' })}`,
    panels: [{ kind: 'chart', title: 'Last layers begin anew', x: { kind: 'layers', layers, label: 'Anew from layer, input side left' }, y: { label: 'Test accuracy (fraction)', domain: [0, 1] }, lines, levels: [], moments: [] }],
  };
}
