import type { RewindingRow } from '@memgeo/artifacts';
import { sortLayers, type Located } from '../rows/gather.js';
import type { Figure, HeatPanel } from './figure.js';
import { countRuns } from './line-points.js';
import { mapValues } from './map-values.js';
import { describeEnds, describeTreatment, mainRewinding } from './rewinding-rows.js';

const variants = {
  tail: {
    title: 'Does setting back the last layers bring generalization back?',
    caption: 'The layer of the row and all after it are set back to their weights of an earlier epoch; the layers before keep their final ones. Nothing is trained again.',
    rowLabel: 'Set back from layer',
  },
  single: {
    title: 'Does a single layer hold what was memorized?',
    caption: 'Only the layer of the row is set back to its weights of an earlier epoch; all others keep their final ones. Nothing is trained again.',
    rowLabel: 'Set back layer',
  },
} as const;

const sets = [{ set: 'test', title: 'Test accuracy' }, { set: 'permuted', title: 'Accuracy on permuted labels' }] as const;

/**
 * Maps the accuracy of networks with layers set back against layer and epoch [stephenson2021geometry, fig. 4A-B].
 *
 * @param rows  Rows of rewinding tables; several of one network are averaged.
 * @param options.variant  tail: a layer and all after it; single: one layer.
 * @returns a figure with test accuracy first; undefined if the variant was not evaluated.
 */
export function rewindingMaps(rows: readonly Located<RewindingRow>[], { variant }: { variant: 'single' | 'tail' }): Figure | undefined {
  const { rows: main, treatment } = mainRewinding(rows);
  const shown = main.filter((row) => row.variant === variant && row.measure === 'accuracy');
  const panels = sets.flatMap(({ set, title }): HeatPanel[] => {
    const ofSet = shown.filter((row) => row.set === set);
    const layers = sortLayers(ofSet);
    const epochs = [...new Set(ofSet.map((row) => row.epoch))].sort((a, b) => a - b);
    const map = mapValues(ofSet, { rows: layers, columns: epochs, rowOf: (row) => row.layer, columnOf: (row) => row.epoch });
    if (!map.values.flat().some((value) => value !== null)) return [];
    return [{ kind: 'heat', title, label: 'Accuracy (fraction)', rows: layers, rowLabel: variants[variant].rowLabel, columns: epochs.map(String), columnLabel: 'Epoch set back to', domain: [0, 1], ...map }];
  });
  if (panels.length === 0) return undefined;
  const runs = countRuns(shown);
  return {
    name: `rewinding-${variant}`,
    title: variants[variant].title,
    caption: `${variants[variant].caption} Evaluated ${describeTreatment(treatment)}. Left, accuracy on test images; right, how many permuted images still get the wrong label they were trained on.${describeEnds(main)}${runs > 1 ? ` Means over ${runs} runs (seeds).` : ''}`,
    panels,
  };
}
