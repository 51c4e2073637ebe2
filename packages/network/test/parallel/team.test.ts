import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomStream } from '@memgeo/numerics';
import { networkSchema, type NetworkDescription, type NetworkSpec } from '../../src/description/network-spec.js';
import { openBackend } from '../../src/backends/open-backend.js';
import { Network } from '../../src/model/network.js';
import { Team } from '../../src/parallel/team.js';
import type { EpochWork } from '../../src/training/epoch-work.js';

beforeAll(() => openBackend('wasm'));

const [count, side, classCount] = [23, 8, 3];
const examples = { data: Uint8Array.from({ length: count * side * side }, (() => { const random = randomStream(1, 'pixels'); return () => random.nextInteger(256); })()), count };
const labels = Int32Array.from({ length: count }, (_, i) => i % classCount);
/** Batches of 7, 7, 7 and 2: parts of unequal size. */
const work: EpochWork = {
  batchSize: 7, learningRates: [0.05, 0.05, 0.02, 0.02],
  augmentation: { isFlipped: true, cropPadding: 1, stream: randomStream(1, 'augmentation').path }, dropout: { stream: randomStream(1, 'dropout').path, firstStep: 0 },
};

async function train(spec: NetworkSpec, workers: number): Promise<{ loss: number; parameters: Map<string, Float32Array>; logits: Map<number, Float32Array>; predictions: Float32Array[] }> {
  const description: NetworkDescription = { spec: networkSchema.parse(spec), inputShape: [side, side, 1], classCount, normalization: { mean: 0.5, standardDeviation: 0.3 } };
  const network = Network.initialize(description, 1);
  const team = await Team.start(network, { learningRate: 0.05, momentum: 0.9, weightDecay: 1e-3, labelSmoothing: 0.1 }, { examples, labels, workers });
  const logits = new Map<number, Float32Array>();
  let loss = 0;
  for (let epoch = 0; epoch < 3; epoch++) {
    const onLogits = (batch: readonly number[], values: Float32Array) => batch.forEach((example, i) => logits.set(example, values.slice(i * classCount, (i + 1) * classCount)));
    ({ loss } = await team.trainEpoch(randomStream(1, 'order', epoch).shuffle([...labels.keys()]), work, epoch === 2 ? { onLogits } : {}));
  }
  const parameters = new Map((await network.parameters()).map(({ name, data }) => [name, data]));
  const predictions = [await team.predict([...labels.keys()]), await network.predict(examples, [...labels.keys()])];
  await team.close();
  network.dispose();
  return { loss, parameters, logits, predictions };
}

describe('a team', () => {
  const spec: NetworkSpec = { kind: 'vgg', channels: [4, 8], convolutionsPerBlock: 1, dense: [12], dropout: 0.3 };
  let alone: Awaited<ReturnType<typeof train>>;
  beforeAll(async () => { alone = await train(spec, 1); });

  it.each([2, 3])('of %i threads computes what one thread does, but for rounding: parameters, statistics, loss and logits', async (workers) => {
    const together = await train(spec, workers);
    expect(together.loss).toBeCloseTo(alone.loss, 4);
    for (const [name, values] of alone.parameters) for (const [i, value] of values.entries()) expect([name, together.parameters.get(name)![i]]).toEqual([name, expect.closeTo(value, 3)]);
    for (const [example, values] of alone.logits) for (const [k, value] of values.entries()) expect(together.logits.get(example)![k]).toBeCloseTo(value, 2);
  });

  it('gives the same bytes every time, and its predictions have those of one thread', async () => {
    const [first, second] = [await train(spec, 2), await train(spec, 2)];
    for (const [name, values] of first.parameters) expect([name, Buffer.compare(Buffer.from(values.buffer), Buffer.from(second.parameters.get(name)!.buffer))]).toEqual([name, 0]);
    expect(first.predictions[0]).toEqual(first.predictions[1]);
  });
});
