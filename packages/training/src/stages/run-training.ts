import { exampleSetIndices, examplesSchema, historyTable, labelsTable, readTable, readTensor, writeTable, type HistoryRow, type LabelsRow, type Tensor } from '@memgeo/artifacts';
import { measureNormalization, Network, NonFiniteLossError, openBackend, scoreSets, Trainer, type Examples, type NetworkDescription, type NetworkSpec } from '@memgeo/network';
import { randomStream } from '@memgeo/numerics';
import { asStageError, StageError, type StageContext } from '@memgeo/stage';
import type { z } from 'zod';
import { TrainingStateFolder } from '../state/training-state.js';
import type { trainParams } from './train.js';

type Params = z.output<typeof trainParams>;
type Context = Pick<StageContext, 'outputs' | 'stateFolder' | 'progress' | 'log' | 'warn'> & {
  readonly params: Params; readonly inputs: { readonly data: { readonly examples: string; readonly labels: string } };
};

/** Trains from the start, or from where an interrupted run stopped; the bytes are the same. */
export async function runTraining(context: Context): Promise<{ [fact: string]: number | string }> {
  const { params, inputs, outputs, log, warn } = context;
  const tensor = await readTensor(inputs.data.examples, { schema: examplesSchema });
  const labels = await readTable(inputs.data.labels, labelsTable);
  const examples: Examples = { data: tensor.data, count: tensor.shape[0]! };
  const trained = Int32Array.from(labels.filter(({ split }) => split === 'train'), ({ exampleId }) => exampleId);
  if (trained.length === 0) throw new StageError('training/train: data must have training examples; it has none.');
  const description = await asStageError('training/train', [RangeError], () => describe(tensor, params.network, examples, trained));
  const backend = await asStageError('training/train', [Error], () => openBackend(params.backend));

  const state = new TrainingStateFolder(context.stateFolder);
  const kept = await state.load(warn);
  if (kept) log(`continues after epoch ${kept.epoch}`);
  const network = kept ? Network.restore(description, kept.parameters) : await asStageError('training/train', [RangeError], () => Network.initialize(description, params.seed));
  const trainer = new Trainer(network, params);
  if (kept) trainer.restoreState(kept.velocities);
  const wanted = params.checkpoints === 'all' ? Array.from({ length: params.epochs + 1 }, (_, epoch) => epoch) : [...new Set(params.checkpoints)].sort((a, b) => a - b);
  const history = await trainEpochs({ context, examples, labels, trained, network, trainer, state, wanted, from: kept?.epoch, history: kept ? [...kept.history] : [] });

  await state.copyCheckpoints(wanted, outputs.checkpoints!);
  await writeTable(outputs.history!, historyTable, history);
  const parameters = (await network.parameters()).reduce((sum, { data }) => sum + data.length, 0);
  const final = (set: string) => history.findLast((row) => row.set === set)?.accuracy;
  return { parameters, backend, ...onlyKnown({ testAccuracy: final('test'), permutedAccuracy: final('permuted') }) };
}

async function trainEpochs(work: {
  context: Context; examples: Examples; labels: readonly LabelsRow[]; trained: Int32Array; network: Network; trainer: Trainer;
  state: TrainingStateFolder; wanted: readonly number[]; from: number | undefined; history: HistoryRow[];
}): Promise<HistoryRow[]> {
  const { context: { params, progress }, examples, labels, trained, network, trainer, state, wanted, from, history } = work;
  const { epochs, batchSize, learningRate, seed } = params;
  const sets = exampleSetIndices(labels);
  const assigned = Int32Array.from(labels, ({ assignedLabel }) => assignedLabel);
  for (let epoch = from === undefined ? 0 : from + 1; epoch <= epochs; epoch++) {
    const status = history.length === 0 ? '' : `, ${summarize(history)}`;
    if (epoch > 0) {
      const order = randomStream(seed, 'training/train', 'order', epoch).shuffle([...trained]);
      const onBatch = (seen: number) => progress(epoch - 1 + seen / order.length, epochs, `epoch ${epoch} of ${epochs}${status}`);
      try {
        await trainer.trainEpoch(examples, assigned, order, { batchSize, onBatch });
      } catch (cause) {
        if (!(cause instanceof NonFiniteLossError)) throw cause;
        throw new StageError(`training/train: epoch ${epoch}: ${cause.message} The checkpoints up to epoch ${epoch - 1} are kept in ${state.checkpointsFolder}.`, { cause });
      }
    }
    const scores = await scoreSets(network, examples, sets);
    history.push(...sets.map(({ set, indices }, i) => ({ epoch, set, examples: indices.length, ...scores[i]!, learningRate: epoch === 0 ? 0 : learningRate })));
    const parameters = await network.parameters();
    if (wanted.includes(epoch)) await state.saveCheckpoint(parameters, { epoch, description: network.description });
    await state.save({ epoch, parameters, velocities: await trainer.state(), history });
  }
  progress(epochs, epochs, `${summarize(history)}`);
  return history;
}

function describe(tensor: Tensor, spec: NetworkSpec, examples: Examples, trained: Int32Array): NetworkDescription {
  const { height, width, channels, classNames } = tensor.metadata as { height: number; width: number; channels: number; classNames: string[] };
  return { spec, inputShape: [height, width, channels], classCount: classNames.length, normalization: measureNormalization(examples, trained) };
}

function summarize(history: readonly HistoryRow[]): string {
  const { epoch } = history.at(-1)!;
  return history.filter((row) => row.epoch === epoch).map(({ set, accuracy }) => `${set} ${accuracy.toFixed(2)}`).join(', ');
}

function onlyKnown(facts: { [name: string]: number | undefined }): { [name: string]: number } {
  return Object.fromEntries(Object.entries(facts).filter((entry): entry is [string, number] => entry[1] !== undefined));
}
