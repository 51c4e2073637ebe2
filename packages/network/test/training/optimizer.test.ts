import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { randomStream } from '@memgeo/numerics';
import { Network, networkSchema, openBackend, type OptimizerOptions } from '../../src/index.js';
import { Optimizer } from '../../src/training/optimizer.js';

beforeAll(() => openBackend('wasm'));

const description = { spec: networkSchema.parse({ kind: 'mlp', hidden: [3] }), inputShape: [1, 2, 1], classCount: 2, normalization: { mean: 0, standardDeviation: 1 } } as const;
const learningRate = 0.1;
const random = randomStream(1, 'gradients');
/** Gradients of three steps, by parameter. */
const given = Array.from({ length: 3 }, () => Object.fromEntries(([['dense1.kernel', [2, 3]], ['dense1.bias', [3]], ['output.kernel', [3, 2]], ['output.bias', [2]]] as const)
  .map(([name, shape]) => [name, { shape: [...shape], data: random.fillNormal(new Float32Array(shape.reduce((a: number, b: number) => a * b, 1))) }])));

/** Takes the three steps and returns the parameters before and after. */
async function takeSteps(options: OptimizerOptions, { cutAfter }: { cutAfter?: number } = {}) {
  const network = Network.initialize(description, 1);
  const before = await network.parameters();
  let optimizer = new Optimizer(network, options);
  const stepWith = (step: (typeof given)[number]) => tf.tidy(() => optimizer.step(new Map(Object.entries(step).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)])), { learningRate }));
  for (const [i, step] of given.entries()) {
    stepWith(step);
    if (i + 1 !== cutAfter) continue;
    const state = await optimizer.state();
    optimizer.dispose();
    optimizer = new Optimizer(network, options);
    optimizer.restoreState(state);
  }
  const after = await network.parameters();
  optimizer.dispose();
  network.dispose();
  return { before, after };
}

/** The same in plain numbers: one value, its gradients, and what is added to it in each step. */
type Rule = (value: number, gradients: readonly number[], decay: number) => number;
const momentum = 0.9;
const withVelocity = (isNesterov: boolean): Rule => (value, gradients, decay) => {
  let velocity = 0;
  for (const gradient of gradients) {
    const decayed = gradient + decay * value;
    velocity = momentum * velocity + decayed;
    value -= learningRate * (isNesterov ? decayed + momentum * velocity : velocity);
  }
  return value;
};
const withMoments: Rule = (value, gradients, decay) => {
  let [first, second] = [0, 0];
  gradients.forEach((gradient, i) => {
    first = momentum * first + (1 - momentum) * gradient;
    second = 0.99 * second + 0.01 * gradient ** 2;
    value = value * (1 - learningRate * decay) - (learningRate * (first / (1 - momentum ** (i + 1)))) / (Math.sqrt(second / (1 - 0.99 ** (i + 1))) + 1e-3);
  });
  return value;
};
const rules: readonly (readonly [string, OptimizerOptions['method'], Rule])[] = [
  ['sgd with momentum', undefined, withVelocity(false)],
  ['sgd with Nesterov momentum', { kind: 'sgd', isNesterov: true }, withVelocity(true)],
  ['Adam with bias correction and decoupled decay', { kind: 'adam', secondMomentum: 0.99, epsilon: 1e-3 }, withMoments],
];

describe.each(rules)('%s', (_, method, rule) => {
  const options = { ...(method ? { method } : {}), momentum, weightDecay: 0.2 };

  test('follows its equations, and decays kernels only', async () => {
    const { before, after } = await takeSteps(options);
    for (const [at, { name, data }] of before.entries()) {
      data.forEach((value, i) => expect(after[at]!.data[i]).toBeCloseTo(rule(value, given.map((step) => step[name]!.data[i]!), name.endsWith('.kernel') ? 0.2 : 0), 5));
    }
  });

  test('continues from its state with the same bits', async () => {
    expect((await takeSteps(options, { cutAfter: 2 })).after).toEqual((await takeSteps(options)).after);
  });

  test('the state of another network is refused with the name of the tensor and both shapes', async () => {
    const network = Network.initialize(description, 1);
    const optimizer = new Optimizer(network, options);
    const state = (await optimizer.state()).map((part) => (part.name.startsWith('output.kernel') ? { ...part, shape: [3, 7] } : part));
    expect(() => optimizer.restoreState(state)).toThrow(/output\.kernel.* must have shape \(3, 2\); got \(3, 7\)\. The state is of another network or optimizer/);
    expect(() => optimizer.restoreState([])).toThrow(/dense1\.kernel.* must have shape \(2, 3\); got nothing/);
    optimizer.dispose();
    network.dispose();
  });
});

describe('clipping', () => {
  const step = given[0]!;
  const norm = Math.sqrt(Object.values(step).reduce((sum, { data }) => sum + data.reduce((squares, x) => squares + x * x, 0), 0));
  const plain = { momentum: 0, weightDecay: 0 };
  const movedBy = async (gradientNorm: number | null): Promise<number> => {
    const network = Network.initialize(description, 1);
    const before = await network.parameters();
    const optimizer = new Optimizer(network, { ...plain, gradientNorm });
    tf.tidy(() => optimizer.step(new Map(Object.entries(step).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)])), { learningRate: 1 }));
    const after = await network.parameters();
    optimizer.dispose();
    network.dispose();
    return Math.sqrt(before.reduce((sum, { data }, at) => sum + data.reduce((squares, x, i) => squares + (x - after[at]!.data[i]!) ** 2, 0), 0));
  };

  test('limits the norm of all gradients as one vector, and leaves smaller ones alone', async () => {
    expect(await movedBy(null)).toBeCloseTo(norm, 4);
    expect(await movedBy(norm * 2)).toBeCloseTo(norm, 4);
    expect(await movedBy(norm / 3)).toBeCloseTo(norm / 3, 4);
  });
});

test('a step leaves no tensor behind', () => {
  const network = Network.initialize(description, 1);
  for (const method of [{ kind: 'sgd' }, { kind: 'adam' }] as const) {
    const optimizer = new Optimizer(network, { method, momentum, weightDecay: 0.1, gradientNorm: 1 });
    const gradients = new Map(Object.entries(given[0]!).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]));
    const held = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) optimizer.step(gradients, { learningRate });
    expect(tf.memory().numTensors).toBe(held);
    tf.dispose([...gradients.values()]);
    optimizer.dispose();
  }
  network.dispose();
});
