import { historyTable, learningTable, writeTable, type LearningRow } from '@memgeo/artifacts';
import { ExampleRecords, measureNormalization, Network, openBackend, Trainer, type NetworkDescription } from '@memgeo/network';
import { asStageError, StageError, type StageContext } from '@memgeo/stage';
import type { z } from 'zod';
import { readTrainingData, type TrainingData } from '../data/training-data.js';
import { planEpochs } from '../plan/plan-epochs.js';
import { TrainingRun } from '../run/training-run.js';
import { TrainingStateFolder } from '../state/training-state.js';
import type { trainParams } from './train.js';

const stage = 'training/train';

type Params = z.output<typeof trainParams>;
type Context = Pick<StageContext, 'outputs' | 'stateFolder' | 'progress' | 'log' | 'warn'> & {
  readonly params: Params; readonly inputs: { readonly data: { readonly examples: string; readonly labels: string } };
};

/** Trains from the start, or from where an interrupted run stopped; the bytes are the same. */
export async function runTraining({ params, inputs, outputs, stateFolder, progress, log, warn }: Context): Promise<{ [fact: string]: number | string }> {
  const data = await readTrainingData(inputs.data, stage);
  if (params.batchSize > data.trained.length) throw new StageError(`${stage}: batchSize must be at most the number of training examples, ${data.trained.length}; got ${params.batchSize}. Lower batchSize.`);
  const plan = await asStageError(stage, [RangeError], () => planEpochs(params, { stepsPerEpoch: Math.ceil(data.trained.length / params.batchSize) }));
  const description = await asStageError(stage, [RangeError], () => describeNetwork(params, data));
  const backend = await asStageError(stage, [Error], () => openBackend(params.backend));

  const folder = new TrainingStateFolder(stateFolder);
  const kept = await folder.load(warn);
  if (kept) log(`continues after epoch ${kept.epoch}`);
  const network = await asStageError(stage, [RangeError], () => (kept ? Network.restore(description, kept.parameters) : Network.initialize(description, params.seed)));
  const trainer = new Trainer(network, { ...params, method: params.optimizer });
  if (kept) await asStageError(stage, [RangeError], () => trainer.restoreState(kept.optimizer));
  const records = new ExampleRecords(data.examples.count, kept?.records);
  const run = new TrainingRun({ params, data, plan, network, trainer, records, folder, progress, log }, kept);
  await run.finish();

  await folder.copyCheckpoints(plan.checkpoints.map(({ epoch }) => epoch).filter((epoch) => epoch <= run.epoch), outputs.checkpoints!);
  await writeTable(outputs.history!, historyTable, run.history);
  await writeTable(outputs.learning!, learningTable, learningRows(data, records));
  const parameters = (await network.parameters()).reduce((sum, { data: values }) => sum + values.length, 0);
  const final = (set: string) => run.history.findLast((row) => row.set === set)?.accuracy;
  return { parameters, backend, epochs: run.epoch, ...onlyKnown({ testAccuracy: final('test'), permutedAccuracy: final('permuted') }) };
}

function describeNetwork({ network: spec }: Params, { inputShape, classCount, examples, trained }: TrainingData): NetworkDescription {
  return { spec, inputShape, classCount, normalization: measureNormalization(examples, trained) };
}

function learningRows({ labels }: TrainingData, records: ExampleRecords): LearningRow[] {
  return labels.filter(({ split }) => split === 'train').map(({ exampleId, trueLabel, assignedLabel, isPermuted }) => ({ exampleId, trueLabel, assignedLabel, isPermuted, ...records.of(exampleId) }));
}

function onlyKnown(facts: { [name: string]: number | undefined }): { [name: string]: number } {
  return Object.fromEntries(Object.entries(facts).filter((entry): entry is [string, number] => entry[1] !== undefined));
}
