import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { imagesName } from '../../src/description/layer.js';
import { layersOf, tapPoints } from '../../src/description/layers.js';
import type { NetworkDescription, NetworkSpec } from '../../src/index.js';
import { describeNetwork } from './describe-network.js';

const namesOf = (description: NetworkDescription) => layersOf(description).map(({ name }) => name);
const hiddenOf = (spec: NetworkSpec) => tapPoints(describeNetwork(spec)).filter(({ isHiddenOutput }) => isHiddenOutput).map(({ name, layerIndex }) => `${layerIndex} ${name}`);

describe('steps are named by what they are, in order', () => {
  test('vgg counts convolutions through all blocks', () => {
    expect(namesOf(describeNetwork({ kind: 'vgg', channels: [4, 8], dense: [16] }))).toEqual([
      'conv1', 'conv1.norm', 'conv1.relu', 'conv2', 'conv2.norm', 'conv2.relu', 'conv2.pool', 'conv3', 'conv3.norm', 'conv3.relu',
      'conv4', 'conv4.norm', 'conv4.relu', 'conv4.pool', 'dense1', 'dense1.norm', 'dense1.relu', 'output',
    ]);
  });

  test('vgg has the convolutions per block and the poolings that are given', () => {
    expect(namesOf(describeNetwork({ kind: 'vgg', channels: [4, 8, 8], convolutionsPerBlock: [1, 2, 1], poolings: [1, 3], dense: [5], batchNorm: 'convolutions' }))).toEqual([
      'conv1', 'conv1.norm', 'conv1.relu', 'conv1.pool', 'conv2', 'conv2.norm', 'conv2.relu', 'conv3', 'conv3.norm', 'conv3.relu',
      'conv4', 'conv4.norm', 'conv4.relu', 'conv4.pool', 'dense1', 'dense1.relu', 'output',
    ]);
  });

  test('linear has no ReLU', () => {
    expect(namesOf(describeNetwork({ kind: 'linear', hidden: [4, 3] }))).toEqual(['dense1', 'dense2', 'output']);
    expect(layersOf(describeNetwork({ kind: 'linear', hidden: [4], bias: false })).flatMap(({ parameters }) => parameters.map(({ name }) => name))).toEqual(['dense1.kernel', 'output.kernel']);
  });

  test('resnet18 has the names of torchvision', () => {
    const names = namesOf(describeNetwork({ kind: 'resnet18', stem: 'large' }, { side: 64 }));
    expect(names.slice(0, 11)).toEqual(['conv1', 'conv1.norm', 'conv1.relu', 'conv1.pool', 'layer1.0.conv1', 'layer1.0.conv1.norm', 'layer1.0.conv1.relu', 'layer1.0.conv2', 'layer1.0.conv2.norm', 'layer1.0.add', 'layer1.0.relu']);
    expect(names.filter((name) => name.startsWith('layer2.0.'))).toEqual(
      ['conv1', 'conv1.norm', 'conv1.relu', 'shortcut', 'shortcut.norm', 'conv2', 'conv2.norm', 'add', 'relu'].map((name) => `layer2.0.${name}`));
    expect(names.slice(-2)).toEqual(['pool', 'output']);
  });

  test('densenet has the names of torchvision', () => {
    expect(namesOf(describeNetwork({ kind: 'densenet', blocks: [1, 1], stem: 'large' }, { side: 64 }))).toEqual([
      'conv0', 'norm0', 'relu0', 'pool0',
      ...['norm1', 'relu1', 'conv1', 'norm2', 'relu2', 'conv2', 'concat'].map((name) => `denseblock1.denselayer1.${name}`),
      ...['norm', 'relu', 'conv', 'pool'].map((name) => `transition1.${name}`),
      ...['norm1', 'relu1', 'conv1', 'norm2', 'relu2', 'conv2', 'concat'].map((name) => `denseblock2.denselayer1.${name}`),
      'norm5', 'relu5', 'pool', 'output',
    ]);
  });
});

describe('each layer with weights but the output has one hidden output, what the next takes in', () => {
  test.each<[string, NetworkSpec, string[]]>([
    ['vgg: after ReLU and pooling, before dropout', { kind: 'vgg', channels: [4, 8], dense: [16], dropout: 0.5 }, ['1 conv1.relu', '2 conv2.pool', '3 conv3.relu', '4 conv4.pool', '5 dense1.relu']],
    ['alexnet', { kind: 'alexnet' }, ['1 conv1.pool', '2 conv2.pool', '3 conv3.relu', '4 conv4.relu', '5 conv5.pool', '6 dense1.relu', '7 dense2.relu']],
    ['linear: the layers themselves', { kind: 'linear', hidden: [5, 4] }, ['1 dense1', '2 dense2']],
    ['densenet: after the next normalization and ReLU', { kind: 'densenet', blocks: [1, 1] }, [
      '1 denseblock1.denselayer1.relu1', '2 denseblock1.denselayer1.relu2', '3 transition1.relu', '4 denseblock2.denselayer1.relu1', '5 denseblock2.denselayer1.relu2', '6 pool']],
    ['densenet without bottlenecks', { kind: 'densenet', blocks: [2], bottleneck: false }, ['1 denseblock1.denselayer1.relu1', '2 denseblock1.denselayer2.relu1', '3 pool']],
  ])('%s', (_, spec, hidden) => expect(hiddenOf(spec)).toEqual(hidden));

  test('resnet18: after the ReLU inside a block and after that of its end, none for shortcuts', () => {
    const hidden = hiddenOf({ kind: 'resnet18' });
    expect(hidden).toHaveLength(17);
    expect(hidden.slice(0, 7)).toEqual(['1 conv1.relu', '2 layer1.0.conv1.relu', '3 layer1.0.relu', '4 layer1.1.conv1.relu', '5 layer1.1.relu', '6 layer2.0.conv1.relu', '8 layer2.0.relu']);
    expect(hidden.slice(-2)).toEqual(['19 layer4.1.conv1.relu', '20 pool']);
  });
});

const width = fc.constantFrom(0.1, 0.5, 1, 1.7);
const anySpec: fc.Arbitrary<NetworkSpec> = fc.oneof(
  fc.record({ kind: fc.constant('mlp' as const), hidden: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }), batchNorm: fc.boolean(), width }),
  fc.record({ kind: fc.constant('linear' as const), hidden: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }), bias: fc.boolean(), width }),
  fc.record({
    kind: fc.constant('vgg' as const), channels: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }), convolutionsPerBlock: fc.integer({ min: 1, max: 3 }),
    poolings: fc.constantFrom('all' as const, [1]), dense: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 2 }), batchNorm: fc.constantFrom(true, false, 'convolutions' as const), dropout: fc.constantFrom(0, 0.5), width,
  }),
  fc.record({ kind: fc.constant('vgg' as const), depth: fc.constantFrom(11 as const, 13 as const, 16 as const, 19 as const), width: fc.constant(0.02) }),
  fc.record({ kind: fc.constant('alexnet' as const), stem: fc.constantFrom('small' as const, 'large' as const), batchNorm: fc.boolean(), dropout: fc.constantFrom(0, 0.5), width: fc.constant(0.02) }),
  fc.record({ kind: fc.constant('resnet18' as const), channels: fc.integer({ min: 1, max: 3 }), stem: fc.constantFrom('small' as const, 'large' as const), zeroResidual: fc.boolean(), width }),
  fc.record({
    kind: fc.constant('densenet' as const), growth: fc.integer({ min: 1, max: 4 }), blocks: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }), bottleneck: fc.boolean(),
    compression: fc.constantFrom(0.1, 0.5, 1), stem: fc.constantFrom('small' as const, 'large' as const), width,
  }),
);
const anyImage = fc.record({ height: fc.integer({ min: 1, max: 80 }), width: fc.integer({ min: 1, max: 80 }), channels: fc.integer({ min: 1, max: 3 }) });
const describeAny = (spec: NetworkSpec, image: { height: number; width: number; channels: number }): NetworkDescription => ({ ...describeNetwork(spec), inputShape: [image.height, image.width, image.channels] });

describe('of any network and image', () => {
  test('steps take in what came before, shapes are whole and positive, and one layer with weights begins each group', () => {
    fc.assert(fc.property(anySpec, anyImage, (spec, image) => {
      const description = describeAny(spec, image);
      let layers;
      try {
        layers = layersOf(description);
      } catch (error) {
        const [, least] = /images must be at least (\d+) x \1 pixels/.exec((error as Error).message)!;
        expect(() => layersOf(describeAny(spec, { height: Number(least), width: Number(least), channels: 1 }))).not.toThrow();
        expect(() => layersOf(describeAny(spec, { height: Number(least) - 1, width: Number(least), channels: 1 }))).toThrow(/images must be at least/);
        return;
      }
      const known = new Set([imagesName]);
      for (const { name, inputs, shape, kind } of layers) {
        expect(inputs.filter((input) => !known.has(input))).toEqual([]);
        expect(inputs.length > 1).toBe(kind === 'add' || kind === 'concat');
        expect(known.has(name)).toBe(false);
        known.add(name);
        expect(shape.every((length) => Number.isInteger(length) && length >= 1)).toBe(true);
      }
      const starts = layers.map(({ index }, i) => index - (layers[i - 1]?.index ?? 0));
      expect(starts).toEqual(layers.map(({ kind }) => (kind === 'convolution' || kind === 'dense' ? 1 : 0)));
      expect(layers.at(-1)).toMatchObject({ name: 'output', shape: [10], isHiddenOutput: false });
      const withWeights = layers.filter(({ kind, name }) => (kind === 'convolution' || kind === 'dense') && name !== 'output' && !name.endsWith('.shortcut'));
      expect(layers.filter(({ isHiddenOutput }) => isHiddenOutput).map(({ index }) => index)).toEqual(withWeights.map(({ index }) => index));
      const parameters = layers.flatMap((layer) => layer.parameters.map(({ name }) => name));
      expect(new Set(parameters).size).toBe(parameters.length);
    }), { seed: 1, numRuns: 120 });
  });

  test('dropout adds steps and changes nothing else', () => {
    for (const spec of [{ kind: 'vgg' as const, dense: [9, 8] }, { kind: 'alexnet' as const }]) {
      const [without, having] = [tapPoints(describeNetwork(spec)), tapPoints(describeNetwork({ ...spec, dropout: 0.5 }))];
      expect(having.filter(({ name }) => !name.endsWith('.dropout'))).toEqual(without);
      expect(having.filter(({ name }) => name.endsWith('.dropout')).map(({ name }) => name)).toEqual(['dense1.dropout', 'dense2.dropout']);
    }
  });

  test('width multiplies every hidden width, rounded, and leaves the classes', () => {
    const widths = (spec: NetworkSpec) => layersOf(describeNetwork(spec)).filter(({ kind }) => kind === 'convolution' || kind === 'dense').map(({ shape }) => shape.at(-1)!);
    for (const spec of [{ kind: 'mlp' }, { kind: 'linear' }, { kind: 'vgg' }, { kind: 'vgg', depth: 16 }, { kind: 'alexnet' }, { kind: 'resnet18' }] as const) {
      const plain = widths(spec);
      expect(widths({ ...spec, width: 0.3 })).toEqual([...plain.slice(0, -1).map((units) => Math.max(1, Math.round(0.3 * units))), 10]);
    }
    expect(widths({ kind: 'resnet18', width: 0.25 })).toEqual(widths({ kind: 'resnet18', channels: 16 }));
    expect(widths({ kind: 'densenet', width: 0.5 })).toEqual(widths({ kind: 'densenet', growth: 6 }));
  });
});

describe('what cannot be a network is refused with what to do', () => {
  test('poolings that leave nothing of the image: how large it must be, and how many poolings fit', () => {
    expect(() => layersOf(describeNetwork({ kind: 'vgg', channels: [4, 4, 4, 4] }, { side: 8 }))).toThrow(
      'layersOf: images must be at least 16 x 16 pixels for this vgg; got 8 x 8, of which a side of 1 reaches conv8.pool, which needs 2. Use larger images, or use at most 3 blocks or poolings: [1, 2, 3].');
    expect(() => layersOf(describeNetwork({ kind: 'vgg', depth: 16, poolings: [1, 2, 3, 4] }, { side: 28 }))).not.toThrow();
    expect(() => layersOf(describeNetwork({ kind: 'vgg', depth: 16, poolings: [1, 2, 3] }, { side: 7 }))).toThrow(/at least 8 x 8 pixels.*or use at most 2 poolings/);
    expect(() => layersOf(describeNetwork({ kind: 'vgg', channels: [4] }, { side: 1 }))).toThrow(/or use poolings: \[\]/);
    expect(() => layersOf(describeNetwork({ kind: 'alexnet', stem: 'large' }))).toThrow(/at least 63 x 63 pixels for this alexnet; got 32 x 32.*or stem: small/);
  });

  test('fewer than two classes', () => {
    for (const classCount of [0, 1, 1.5, NaN]) expect(() => layersOf(describeNetwork({ kind: 'mlp' }, { classCount }))).toThrow(/classCount must be.*at least 2.*got/);
  });

  test('images without pixels', () => {
    expect(() => layersOf(describeNetwork({ kind: 'mlp' }, { channels: 0 }))).toThrow('layersOf: inputShape must be (height, width, channels), whole and at least 1; got (32, 32, 0).');
  });

  test('more parameters than 4 GiB hold: how many, and where most of them are', () => {
    expect(() => layersOf(describeNetwork({ kind: 'mlp', hidden: [1e6] }))).toThrow(/at most 1073741824 parameters, which fill 4 GiB; this mlp has 3083000010, 3072000000 of them in dense1\.kernel \(3072 x 1000000\)\. Lower its sizes or width/);
    expect(() => layersOf(describeNetwork({ kind: 'resnet18', width: 1e300 }))).toThrow(/at most 1073741824 parameters/);
  });

  test('sizes that the schema does not allow', () => {
    expect(() => layersOf(describeNetwork({ kind: 'mlp', hidden: [0] }))).toThrow(/layersOf: the network must fit its schema.*hidden\[0\]/s);
  });
});
