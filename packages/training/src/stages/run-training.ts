import { historyTable, learningTable, writeTable, type LearningRow } from '@memgeo/artifacts';
import { chooseWorkers, ExampleRecords, layersOf, measureNormalization, Network, openBackend, PartnerError, Team, threadedBackends, type NetworkDescription } from '@memgeo/network';
import { asStageError, StageError, type StageContext } from '@memgeo/stage';
import type { z } from 'zod';
import { readTrainingData, type TrainingData } from '../data/training-data.js';
import { checkWasmMemory } from '../plan/check-memory.js';
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
  const { backend: wanted } = params;
  if (!threadedBackends.includes(wanted) && params.workers !== 'auto' && params.workers > 1) throw new StageError(`${stage}: workers must be 1 or auto with backend ${wanted}; only ${threadedBackends.join(' and ')} share work among threads. Got ${params.workers}.`);
  if (wanted === 'wasm' && params.workers !== 'auto' && params.workers > params.batchSize) throw new StageError(`${stage}: workers must be at most batchSize, ${params.batchSize}; got ${params.workers}.`);
  const side = Math.min(...data.inputShape.slice(0, 2));
  if (params.augmentation.cropPadding >= side) throw new StageError(`${stage}: augmentation.cropPadding must be less than the side of the images, ${side}; got ${params.augmentation.cropPadding}. Lower it.`);
  const stepsPerEpoch = Math.ceil(data.trained.length / params.batchSize);
  const plan = await asStageError(stage, [RangeError], () => planEpochs(params, { stepsPerEpoch }));
  const description = await asStageError(stage, [RangeError], () => describeNetwork(params, data));
  const workers = await asStageError(stage, [RangeError], () => (params.workers === 'auto' ? chooseWorkers(description, params) : params.workers));
  if (wanted === 'wasm') {
    const needs = { workers, inputShape: data.inputShape, batchSize: params.batchSize, method: params.optimizer, isClipped: params.gradientNorm !== null };
    await asStageError(stage, [RangeError], () => checkWasmMemory(layersOf(description), needs));
  }
  const backend = await asStageError(stage, [Error], () => openBackend(wanted, { threads: workers }));

  const folder = new TrainingStateFolder(stateFolder);
  const kept = await folder.load(warn);
  if (kept) log(`continues after epoch ${kept.epoch}`);
  const network = await asStageError(stage, [RangeError], () => (kept ? Network.restore(description, kept.parameters) : Network.initialize(description, params.seed)));
  const team = await asStageError(stage, [RangeError, PartnerError], () => Team.start(network, { ...params, method: params.optimizer }, { examples: data.examples, labels: data.assigned, state: kept?.optimizer, workers: wanted === 'wasm' ? workers : 1 }));
  const records = new ExampleRecords(data.examples.count, kept?.records);
  const run = new TrainingRun({ params, data, plan, network, team, records, folder, progress, log }, kept);
  try {
    await asStageError(stage, [PartnerError], () => run.finish());
  } finally {
    await team.close();
  }

  await folder.copyCheckpoints(plan.checkpoints.filter(({ step }) => step <= run.epoch * stepsPerEpoch).map(({ epoch }) => epoch), outputs.checkpoints!);
  await writeTable(outputs.history!, historyTable, run.history);
  await writeTable(outputs.learning!, learningTable, learningRows(data, records));
  const parameters = (await network.parameters()).reduce((sum, { data: values }) => sum + values.length, 0);
  const final = (set: string) => run.history.findLast((row) => row.set === set)?.accuracy;
  return { parameters, backend, workers, epochs: run.epoch, ...onlyKnown({ testAccuracy: final('test'), permutedAccuracy: final('permuted') }) };
}

function describeNetwork({ network: spec, inputNormalization }: Params, { inputShape, classCount, examples, trained }: TrainingData): NetworkDescription {
  return { spec, inputShape, classCount, normalization: measureNormalization(examples, trained, { channels: inputNormalization === 'channels' ? inputShape[2] : undefined }) };
}

function learningRows({ labels }: TrainingData, records: ExampleRecords): LearningRow[] {
  return labels.filter(({ split }) => split === 'train').map(({ exampleId, trueLabel, assignedLabel, isPermuted }) => ({ exampleId, trueLabel, assignedLabel, isPermuted, ...records.of(exampleId) }));
}

function onlyKnown(facts: { [name: string]: number | undefined }): { [name: string]: number } {
  return Object.fromEntries(Object.entries(facts).filter((entry): entry is [string, number] => entry[1] !== undefined));
}
