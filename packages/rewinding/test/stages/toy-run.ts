import { join } from 'node:path';
import { checkpointSchema, examplesSchema, exampleSetIndices, historyTable, labelsTable, writeTable, writeTensor, writeTensorSet, type HistoryRow, type Json, type LabelsRow } from '@memgeo/artifacts';
import { measureNormalization, Network, networkSchema, openBackend, scoreSets, Trainer, type NetworkDescription } from '@memgeo/network';
import { randomStream } from '@memgeo/numerics';

const [classCount, size, trainCount, testCount] = [4, 6, 80, 120];
const pixels = size * size;

/** Images of 4 noisy patterns, 80 to train on with half of the labels wrong, 120 for test. */
export function toyData(seed = 1): { labels: LabelsRow[]; examples: { data: Float32Array; count: number } } {
  const random = randomStream(seed, 'toy');
  const patterns = Array.from({ length: classCount }, () => Array.from({ length: pixels }, () => random.nextNormal()));
  const labels = Array.from({ length: trainCount + testCount }, (_, exampleId) => {
    const [split, trueLabel] = [exampleId < trainCount ? 'train' : 'test', exampleId % classCount];
    const isPermuted = split === 'train' && exampleId < trainCount / 2;
    return { exampleId, split, trueLabel, assignedLabel: isPermuted ? (trueLabel + 1 + random.nextInteger(classCount - 1)) % classCount : trueLabel, isPermuted };
  });
  const data = Float32Array.from({ length: labels.length * pixels }, (_, i) => patterns[labels[Math.floor(i / pixels)]!.trueLabel]![i % pixels]! + 0.6 * random.nextNormal());
  return { labels, examples: { data, count: labels.length } };
}

/** Trains on the toy data, and writes `data/examples`, `data/labels`, `checkpoints/<epoch>` and `history` as training does. */
export async function writeToyRun(folder: string, { spec = { kind: 'vgg', channels: [6], convolutionsPerBlock: 1, dense: [24] }, epochs = 20, seed = 1 }: { spec?: unknown; epochs?: number; seed?: number } = {}): Promise<{ history: HistoryRow[] }> {
  await openBackend('wasm');
  const { labels, examples } = toyData();
  const trained = labels.filter(({ split }) => split === 'train').map(({ exampleId }) => exampleId);
  const description: NetworkDescription = { spec: networkSchema.parse(spec), inputShape: [size, size, 1], classCount, normalization: measureNormalization(examples, trained) };
  const network = Network.initialize(description, seed);
  const trainer = new Trainer(network, { learningRate: 0.02, momentum: 0.9, weightDecay: 0 });
  const sets = exampleSetIndices(labels);
  const history: HistoryRow[] = [];
  for (let epoch = 0; epoch <= epochs; epoch++) {
    if (epoch > 0) await trainer.trainEpoch(examples, labels.map(({ assignedLabel }) => assignedLabel), randomStream(seed, 'order', epoch).shuffle([...trained]), { batchSize: 16 });
    const scores = await scoreSets(network, examples, sets);
    history.push(...sets.map(({ set, indices }, i) => ({ epoch, set, examples: indices.length, ...scores[i]!, learningRate: epoch === 0 ? 0 : 0.02 })));
    const tensors = new Map((await network.parameters()).map(({ name, layer, shape, data }) => [name, { data, shape, rows: {}, metadata: { layer } }]));
    await writeTensorSet(join(folder, 'checkpoints', String(epoch)), { tensors, metadata: { epoch, network: description as unknown as Json } }, { schema: checkpointSchema });
  }
  trainer.dispose();
  network.dispose();
  await writeTensor(join(folder, 'data', 'examples'), { data: examples.data, shape: [examples.count, pixels], rows: {}, metadata: { height: size, width: size, channels: 1, classNames: ['a', 'b', 'c', 'd'] } }, { schema: examplesSchema });
  await writeTable(join(folder, 'data', 'labels'), labelsTable, labels);
  await writeTable(join(folder, 'history'), historyTable, history);
  return { history };
}
