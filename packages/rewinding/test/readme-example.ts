import { layerGroups, Network, reestimateStatistics, scoreSets, type Examples, type NetworkDescription } from '@memgeo/network';
import { setBack, type Tensors } from '../src/index.js';

/** Accuracy of a final network whose layers from one on are set back to an earlier one; all images are trained on. */
export async function accuracyWithTailSetBack(
  description: NetworkDescription, final: Tensors, options: { earlier: Tensors; from: string; images: Examples; labels: Int32Array },
): Promise<number> {
  const groups = layerGroups(description);
  const tail = groups.slice(groups.findIndex(({ name }) => name === options.from));
  const network = Network.fromTensors(description, setBack(final, { earlier: options.earlier, groups: tail, withStatistics: false }));
  const indices = Int32Array.from(options.labels.keys());
  await reestimateStatistics(network, options.images, indices);
  const [scores] = await scoreSets(network, options.images, [{ indices, labels: options.labels }]);
  network.dispose();
  return scores!.accuracy;
}
