/**
 * Trains on the glyphs on the backend that is named, in a process of its own, and prints what there is to compare.
 *
 * Training the quickstart's network magnifies rounding: two runs on wasm whose first weights differ by 1e-7 are 1e-6 apart for 14 steps and 3e-2
 * after 24. So wasm leaves its state before each step in FOLDER, and the other backend takes two steps from each.
 * Usage: tensorflow-run.ts BACKEND FOLDER
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs-core';
import { randomStream } from '@memgeo/numerics';
import { measureNormalization, Network, networkSchema, openBackend, Trainer, type BackendName, type NamedParameter, type NetworkDescription } from '../../src/index.js';

export type Steps = {
  readonly description: string;
  /** Of steps from the same weights on the same batches, and of the steps after those. */
  readonly quickstart: { readonly losses: number[]; readonly next: number[] };
  /** Of the steps of a perceptron one after another. */
  readonly mlp: number[];
  /** Tensors held after 10 steps of the perceptron and after all. */
  readonly tensors: readonly [number, number];
};
type State = { readonly parameters: NamedParameter[]; readonly velocities: NamedParameter[] };

const classCount = 36;
const batchSize = 40;
const steps = 50;

const contents = async (part: string, header: number) => gunzipSync(await readFile(new URL(`../../../../data/glyphs/train-${part}-ubyte.gz`, import.meta.url))).subarray(header);
const [images, classes] = [await contents('images-idx3', 16), await contents('labels-idx1', 8)];
const random = randomStream(1, 'quickstart on tensorflow');
const known = [...classes.keys()].filter((i) => classes[i]! < classCount);
random.shuffle(known);
const chosen = known.slice(0, steps * batchSize);
const data = new Uint8Array(chosen.length * 784);
for (const [i, example] of chosen.entries()) data.set(images.subarray(784 * example, 784 * (example + 1)), 784 * i);
// Half of the labels are wrong.
const labels = chosen.map((example, i) => (i % 2 === 0 ? classes[example]! : random.nextInteger(classCount)));
const examples = { data, count: chosen.length };

const order = [...labels.keys()];
const about = { inputShape: [28, 28, 1], classCount, normalization: measureNormalization(examples, order) } as const;
const quickstart: NetworkDescription = { ...about, spec: networkSchema.parse({ kind: 'vgg', channels: [8, 16, 32], convolutionsPerBlock: 2, dense: [128], batchNorm: true }) };
const mlp: NetworkDescription = { ...about, spec: networkSchema.parse({ kind: 'mlp', hidden: [128] }) };
const options = { learningRate: 0.02, momentum: 0.9, weightDecay: 0 };
const take = async (trainer: Trainer, step: number) => (await trainer.trainEpoch(examples, labels, order.slice(batchSize * step, batchSize * (step + 1)), { batchSize })).loss;

const [backend, folder] = process.argv.slice(2) as [BackendName, string];
const description = await openBackend(backend);
let network = Network.initialize(quickstart, 1);
let trainer = new Trainer(network, options);
const [losses, next]: [number[], number[]] = [[], []];
for (let step = 0; step < steps; step++) {
  const file = join(folder, String(step));
  if (backend === 'wasm') await writeFile(file, serialize({ parameters: await network.parameters(), velocities: await trainer.state() } satisfies State));
  else {
    const { parameters, velocities } = deserialize(await readFile(file)) as State;
    trainer.dispose();
    network.dispose();
    network = Network.restore(quickstart, parameters);
    trainer = new Trainer(network, options);
    trainer.restoreState(velocities);
  }
  losses.push(await take(trainer, step));
  if (step + 1 < steps && backend !== 'wasm') next.push(await take(trainer, step + 1));
}
trainer.dispose();
network.dispose();

network = Network.initialize(mlp, 1);
trainer = new Trainer(network, options);
const mlpLosses: number[] = [];
let held = 0;
for (let step = 0; step < steps; step++) {
  mlpLosses.push(await take(trainer, step));
  if (step === 9) held = tf.memory().numTensors;
}
process.stdout.write(`${JSON.stringify({ description, quickstart: { losses, next }, mlp: mlpLosses, tensors: [held, tf.memory().numTensors] } satisfies Steps)}\n`);
