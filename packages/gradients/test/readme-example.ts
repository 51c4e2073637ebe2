import { splitGradients } from '../src/index.js';
import { openBackend, type Examples, type Network } from '@memgeo/network';

/** How much smaller the label-dependent gradient is on permuted labels than on unpermuted ones, all layers together. */
export async function pullOfPermutedLabels(
  network: Network, images: Examples, { unpermuted, permuted }: { [set in 'unpermuted' | 'permuted']: { indices: Int32Array; labels: Int32Array } },
): Promise<{ ratio: number; standardError: number }> {
  await openBackend('wasm');
  const rows = await splitGradients(network, images, [{ set: 'unpermuted', ...unpermuted }, { set: 'permuted', ...permuted }], { batches: 20, seed: 1 });
  const row = rows.find(({ layer, measure }) => layer === '(all layers)' && measure === 'labelDependentRatio')!;
  return { ratio: row.value!, standardError: row.standardError! };
}
