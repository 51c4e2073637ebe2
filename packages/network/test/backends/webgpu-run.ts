/** Trains tiny networks on the backend that is named, in a process of its own, and prints what there is to compare: run by webgpu.slow.test.ts. */
import * as tf from '@tensorflow/tfjs-core';
import { randomStream } from '@memgeo/numerics';
import { LayerInputs, logitGradients, Network, networkSchema, openBackend, Trainer, type BackendName, type NetworkDescription } from '../../src/index.js';
import { disposeGradientStep, gradientStep } from '../../src/training/gradient-step.js';
import { batchOf } from '../../src/model/examples.js';

export type Run = {
  readonly losses: number[];
  /** In training mode, by parameter. */
  readonly gradients: { readonly [parameter: string]: number[] };
  /** In evaluation mode, of a weighted sum of logits. */
  readonly logitGradient: number[];
  /** What reaches the last step. */
  readonly inputs: number[];
  readonly logits: number[];
  /** Tensors held after the first step and after the last. */
  readonly tensors: readonly [number, number];
};
export type Runs = { readonly networks: { readonly [name: string]: Run }; /** What reading too large a tensor says. */ readonly refusal: string | undefined };
/** Between them these have every kind of step. Software compiles shaders slowly, so that all but the first take few steps. */
const networks = {
  vgg: { steps: 20, spec: { kind: 'vgg', channels: [4, 6], convolutionsPerBlock: 1, dense: [8] } },
  densenet: { steps: 2, spec: { kind: 'densenet', growth: 2, blocks: [1, 1] } },
  resnet18: { steps: 1, spec: { kind: 'resnet18', channels: 2, stem: 'large' } },
} as const;
const count = 8;
const classCount = 3;

async function run(description: NetworkDescription, steps: number): Promise<Run> {
  const random = randomStream(5, 'webgpu');
  const examples = { data: random.fillNormal(new Float32Array(count * description.inputShape.reduce((size, length) => size * length, 1))), count };
  const labels = Int32Array.from({ length: count }, (_, i) => i % classCount);
  const all = [...labels.keys()];
  const network = Network.initialize(description, 1);
  const trainer = new Trainer(network, { learningRate: 0.02, momentum: 0.9, weightDecay: 1e-3 });
  const names = network.layers.flatMap(({ parameters }) => parameters.filter(({ isTrainable }) => isTrainable).map(({ name }) => name));

  const images = batchOf(examples, all, description);
  const step = gradientStep(network, images, { labels, names });
  const gradients: { [parameter: string]: number[] } = {};
  for (const [name, gradient] of step.gradients) gradients[name] = [...await gradient.data()];
  disposeGradientStep(step);
  images.dispose();
  const weighting = random.fillNormal(new Float32Array(count * classCount));
  const [logitGradient] = await logitGradients(network, examples, all, () => [weighting]);
  const whole = LayerInputs.ofExamples(examples, { indices: all, description, batchSize: 4 });
  const inputs = await (await whole.advance(network, { to: 3, mode: 'training' })).outputs(network, { to: network.layers.length });

  const losses: number[] = [];
  let after = 0;
  for (let taken = 0; taken < steps; taken++) {
    losses.push((await trainer.trainEpoch(examples, labels, all, { batchSize: count })).loss);
    if (taken === 0) after = tf.memory().numTensors;
  }
  const tensors = [after, tf.memory().numTensors] as const;
  const logits = [...await network.predict(examples, all)];
  trainer.dispose();
  network.dispose();
  return { losses, gradients, logitGradient: [...logitGradient!], inputs: [...inputs], logits, tensors };
}

const [backend] = process.argv.slice(2) as [BackendName];
await openBackend(backend);
const results: { [name: string]: Run } = {};
for (const [name, { steps, spec }] of Object.entries(networks)) {
  results[name] = await run({ spec: networkSchema.parse(spec), inputShape: [9, 8, 2], classCount, normalization: { mean: 0, standardDeviation: 1 } }, steps);
}
// 2^30 values of 4 bytes are more than any buffer of the software driver.
const refusal = backend === 'webgpu' ? await tf.fill([2 ** 30], 1).data().then(() => undefined, (cause: Error) => cause.message) : undefined;
process.stdout.write(JSON.stringify({ networks: results, refusal } satisfies Runs));
