import type { RewindingRow } from '@memgeo/artifacts';
import { restoration } from '../rewind/restoration.js';
import type { RewoundNetwork } from '../rewind/plan-networks.js';
import type { Evaluation } from './network-evaluator.js';

/** The networks at the ends of the scale of restoration: classified correctly, by test example. */
export type Scale = { readonly final: Uint8Array; readonly best: Uint8Array };

/** Turns the evaluation of a network into rows; of the test accuracy restored, if there is a scale. */
export function rewindingRows(network: RewoundNetwork, evaluation: Evaluation, { finalEpoch, scale }: { finalEpoch: number; scale: Scale | undefined }): RewindingRow[] {
  const { variant, groups, epoch, batchNorm, weights, readout } = network;
  const isPart = variant === 'single' || variant === 'tail';
  const what = {
    variant, layer: isPart ? groups[0]!.name : '', layerIndex: isPart ? groups[0]!.index : null, layers: groups.map(({ name }) => name).join(', '),
    epoch, finalEpoch, batchNorm, weights, readout,
  };
  const rows = evaluation.sets.flatMap(({ set, examples, accuracy, loss }) => [
    { ...what, set, measure: 'accuracy', ...finite(accuracy), examples, note: '' },
    { ...what, set, measure: 'loss', ...finite(loss), examples, note: loss ? '' : 'The scores of ridge regression have no cross-entropy.' },
  ]);
  const tested = evaluation.isTestCorrect;
  if (tested === undefined || scale === undefined) return rows;
  return [...rows, { ...what, set: 'test', measure: 'restoration', ...restoration(tested, scale), examples: tested.length }];
}

function finite(mean: { readonly value: number; readonly standardError: number } | undefined): { value: number | null; standardError: number | null } {
  const known = (value: number | undefined): number | null => (value !== undefined && Number.isFinite(value) ? value : null);
  return { value: known(mean?.value), standardError: known(mean?.standardError) };
}
