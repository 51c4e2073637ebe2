import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { initialParameters, networkSchema, type NetworkSpec } from '../../src/index.js';
import { describeNetwork } from './describe-network.js';

const draw = (spec: NetworkSpec, seed = 3) => new Map(initialParameters(describeNetwork(spec, { side: 12 }), seed).map(({ name, data }) => [name, data]));
const bytesOf = (parameters: ReadonlyMap<string, Float32Array>) => {
  const hash = createHash('sha256');
  for (const [name, data] of parameters) hash.update(name).update(data);
  return hash.digest('hex');
};
/** Mean of a power of the values. */
const moment = (values: Float32Array, power: number) => values.reduce((sum, x) => sum + x ** power, 0) / values.length;

/** Inputs and outputs of a unit by kernel, and the number that He's variance divides by the inputs. */
const layers = [
  { name: 'conv1', fanIn: 27, fanOut: 9 * 40, gain: 2 }, { name: 'conv2', fanIn: 9 * 40, fanOut: 9 * 40, gain: 2 },
  { name: 'dense1', fanIn: 36 * 40, fanOut: 50, gain: 2 }, { name: 'output', fanIn: 50, fanOut: 10, gain: 1 },
];
const spec: NetworkSpec = { kind: 'vgg', channels: [40], dense: [50], batchNorm: false };
const variances: { [weights: string]: (layer: (typeof layers)[number]) => number } = {
  'he-normal': ({ gain, fanIn }) => gain / fanIn, 'he-uniform': ({ gain, fanIn }) => gain / fanIn,
  'glorot-normal': ({ fanIn, fanOut }) => 2 / (fanIn + fanOut), 'glorot-uniform': ({ fanIn, fanOut }) => 2 / (fanIn + fanOut),
  pytorch: ({ fanIn }) => 1 / (3 * fanIn),
};

describe.each(Object.keys(variances))('%s', (weights) => {
  const isNormal = weights.endsWith('normal');
  const initialization = { weights: weights as 'pytorch', scale: 0.7, outputScale: 0.01 };
  const parameters = draw({ ...spec, initialization });

  test.each(layers)('kernels of $name have mean 0 and the variance of the closed form, within 5 standard errors', (layer) => {
    const kernel = parameters.get(`${layer.name}.kernel`)!;
    const variance = variances[weights]!(layer) * (layer.name === 'output' ? 0.01 : 0.7) ** 2;
    expect(Math.abs(moment(kernel, 1))).toBeLessThan(5 * Math.sqrt(variance / kernel.length));
    // Fourth moments are 3 and 9 / 5 squared variances.
    expect(Math.abs(moment(kernel, 2) / variance - 1)).toBeLessThan(5 * Math.sqrt((isNormal ? 2 : 0.8) / kernel.length));
    const largest = kernel.reduce((max, x) => Math.max(max, Math.abs(x)), 0) / Math.sqrt(variance);
    if (isNormal) expect(largest).toBeGreaterThan(2);
    else expect(largest).toBeLessThanOrEqual(Math.sqrt(3) * (1 + 1e-6));
  });

  test('biases are 0, but for pytorch', () => {
    for (const { name, fanIn } of layers) {
      const bias = parameters.get(`${name}.bias`)!;
      const limit = weights === 'pytorch' ? (name === 'output' ? 0.01 : 0.7) / Math.sqrt(fanIn) : 0;
      expect(bias.every((x) => Math.abs(x) <= limit * (1 + 1e-6))).toBe(true);
      expect(bias.some((x) => x !== 0)).toBe(weights === 'pytorch');
    }
  });

  test('the same seed gives the same bytes, another seed others', () => {
    expect(bytesOf(draw({ ...spec, initialization }))).toEqual(bytesOf(parameters));
    expect(bytesOf(draw({ ...spec, initialization }, 4))).not.toEqual(bytesOf(parameters));
  });

  test('a change of one layer leaves the weights of the others', () => {
    const other = draw({ ...spec, dense: [50, 30], initialization });
    const shared = ['conv1.kernel', 'conv2.kernel', 'dense1.kernel'];
    const pick = (all: Map<string, Float32Array>) => bytesOf(new Map(shared.map((name) => [name, all.get(name)!])));
    expect(pick(other)).toEqual(pick(parameters));
  });
});

test('units without a ReLU keep the variance of what they sum', () => {
  const kernel = draw({ kind: 'linear', hidden: [100] }).get('dense1.kernel')!;
  expect(Math.abs(moment(kernel, 2) * 432 - 1)).toBeLessThan(5 * Math.sqrt(2 / kernel.length));
});

test('norms begin as the identity; with zeroResidual the last of each block with scale 0', () => {
  const scales = (zeroResidual: boolean) => [...draw({ kind: 'resnet18', channels: 2, zeroResidual })].filter(([name]) => name.endsWith('.scale')).map(([name, data]) => [name, data[0]!, new Set(data).size]);
  expect(scales(false).every(([, start, distinct]) => start === 1 && distinct === 1)).toBe(true);
  expect(scales(true)).toEqual(scales(false).map(([name, , distinct]) => [name, /layer\d\.\d\.conv2\.norm/.test(String(name)) ? 0 : 1, distinct]));
});

test('an outputScale of 0 begins with equal classes', () => {
  expect(draw({ kind: 'mlp', hidden: [4], initialization: { outputScale: 0 } }).get('output.kernel')!.every((x) => x === 0)).toBe(true);
});

// SHA-256 of names and bytes, seed 5, 8 x 8 x 2 images, 3 classes; generated on Node 20.20 in November 2026 before initializations could be chosen.
test.each<[NetworkSpec, string]>([
  [{ kind: 'vgg', channels: [4, 8], dense: [16], width: 1.5 }, '6b28878ccaf97031d1b3b384455f8b630a29c19a8a1e8a5e5d1b877f2fba34e9'],
  [{ kind: 'vgg', channels: [4], convolutionsPerBlock: 1, dense: [], batchNorm: false }, 'eff256c90201421e3d62400b0ff14400e3bebf83b42d36ba083d8a3edb394523'],
  [{ kind: 'mlp', hidden: [24, 20] }, '4d73515ff39106b76c82185aa8907d2fa7a15b73015679a2f195bd3d1725c2f2'],
  [{ kind: 'mlp', hidden: [9], batchNorm: true }, '8ad97699780a0de79d070587bb44a0609bb2a9706f48fe8823d89b0794059b59'],
])('the defaults draw what they always drew: %j', (given, digest) => {
  const parameters = initialParameters(describeNetwork(networkSchema.parse(given), { side: 8, channels: 2, classCount: 3 }), 5);
  expect(bytesOf(new Map(parameters.map(({ name, data }) => [name, data])))).toBe(digest);
});
