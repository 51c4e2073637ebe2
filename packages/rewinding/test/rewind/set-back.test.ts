import { expect, test } from '@jest/globals';
import { initialParameters, layerGroups, networkSchema, type NetworkDescription } from '@memgeo/network';
import { setBack, type Tensors } from '../../src/index.js';

const description: NetworkDescription = { spec: networkSchema.parse({ kind: 'mlp', hidden: [3, 3], batchNorm: true }), inputShape: [2, 2, 1], classCount: 2, normalization: { mean: 0, standardDeviation: 1 } };
const tensors = (seed: number): Tensors => new Map(initialParameters(description, seed).map((parameter) => [parameter.name, parameter]));
const [final, earlier] = [tensors(1), tensors(2)];
const groups = layerGroups(description).filter(({ name }) => name !== 'dense1');
const fromEarlier = (mixed: Tensors) => [...mixed].filter(([name, tensor]) => tensor === earlier.get(name)).map(([name]) => name);

test('takes kernels, biases, scales and offsets of the layers, and their statistics when told to', () => {
  const weights = ['dense2.kernel', 'dense2.norm.scale', 'dense2.norm.offset', 'output.kernel', 'output.bias'];
  expect(fromEarlier(setBack(final, { earlier, groups, withStatistics: false }))).toEqual(weights);
  expect(fromEarlier(setBack(final, { earlier, groups, withStatistics: true }))).toEqual([...weights.slice(0, 3), 'dense2.norm.mean', 'dense2.norm.variance', ...weights.slice(3)]);
  expect(setBack(final, { earlier, groups: [], withStatistics: true })).toEqual(final);
});
