import { expect, test } from '@jest/globals';
import { layerGroups, layersOf, type NetworkSpec } from '../../src/index.js';
import { describeNetwork } from './describe-network.js';

const groupsOf = (spec: NetworkSpec) => Object.fromEntries(layerGroups(describeNetwork(spec)).map(({ name, parameters }) => [name, parameters.map((parameter) => parameter.name)]));
const normalized = (norm: string) => ['scale', 'offset', 'mean', 'variance'].map((suffix) => `${norm}.${suffix}`);

test('a group is a layer with weights and the normalization behind it', () => {
  expect(groupsOf({ kind: 'vgg', channels: [4], dense: [5], batchNorm: 'convolutions' })).toEqual({
    conv1: ['conv1.kernel', ...normalized('conv1.norm')], conv2: ['conv2.kernel', ...normalized('conv2.norm')],
    dense1: ['dense1.kernel', 'dense1.bias'], output: ['output.kernel', 'output.bias'],
  });
  expect(groupsOf({ kind: 'linear', hidden: [3] })).toEqual({ dense1: ['dense1.kernel', 'dense1.bias'], output: ['output.kernel', 'output.bias'] });
});

test('in a DenseNet that is the normalization in front of the next layer, and norm5 goes with the last', () => {
  const names = ['conv0', 'denseblock1.denselayer1.conv1', 'denseblock1.denselayer1.conv2', 'transition1.conv', 'denseblock2.denselayer1.conv1', 'denseblock2.denselayer1.conv2'];
  const norms = ['denseblock1.denselayer1.norm1', 'denseblock1.denselayer1.norm2', 'transition1.norm', 'denseblock2.denselayer1.norm1', 'denseblock2.denselayer1.norm2', 'norm5'];
  expect(groupsOf({ kind: 'densenet', blocks: [1, 1] })).toEqual({
    ...Object.fromEntries(names.map((name, i) => [name, [`${name}.kernel`, ...normalized(norms[i]!)]])), output: ['output.kernel', 'output.bias'],
  });
});

test('a shortcut is a group between the two convolutions of its block', () => {
  const names = Object.keys(groupsOf({ kind: 'resnet18' }));
  expect(names).toHaveLength(21);
  expect(names.slice(5, 8)).toEqual(['layer2.0.conv1', 'layer2.0.shortcut', 'layer2.0.conv2']);
  expect(groupsOf({ kind: 'resnet18' })['layer2.0.shortcut']).toEqual(['layer2.0.shortcut.kernel', ...normalized('layer2.0.shortcut.norm')]);
});

test('groups share out all parameters, in the order of the steps', () => {
  for (const spec of [{ kind: 'mlp', batchNorm: true }, { kind: 'alexnet' }, { kind: 'resnet18', stem: 'large' }, { kind: 'densenet' }] as const) {
    const description = describeNetwork(spec);
    expect(layerGroups(description).flatMap(({ parameters }) => parameters)).toEqual(layersOf(description).flatMap(({ parameters }) => parameters));
  }
});
