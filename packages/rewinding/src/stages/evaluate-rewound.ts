import { assignedLabels, distancesTable, exampleSetIndices, examplesSchema, historyTable, labelsTable, readTable, readTensor, rewindingTable, writeTable } from '@memgeo/artifacts';
import { checkImages, initialParameters, layerGroups, layersOf, openBackend, type LayerGroup, type NetworkDescription } from '@memgeo/network';
import { randomStream } from '@memgeo/numerics';
import { asStageError, StageError, type StageContext } from '@memgeo/stage';
import { closest } from 'fastest-levenshtein';
import type { z } from 'zod';
import { changedGroups, networkIdentity, planNetworks, type RewoundNetwork } from '../rewind/plan-networks.js';
import { setBack, type Tensors } from '../rewind/set-back.js';
import { openCheckpoints, type CheckpointSeries } from './checkpoint-series.js';
import { findBestEpoch, resolveEpochs } from './choose-epochs.js';
import { measureDistances } from './distance-rows.js';
import type { evaluateParams } from './evaluate.js';
import { evaluateNetwork, type Evaluation, type EvaluationData } from './network-evaluator.js';
import { rewindingRows } from './rewinding-rows.js';
import { imageInputs, SharedLayers } from './shared-layers.js';

type Params = z.output<typeof evaluateParams>;
type Context = Pick<StageContext, 'progress' | 'log' | 'warn'> & {
  readonly params: Params;
  readonly inputs: {
    readonly data: { readonly examples: string; readonly labels: string };
    readonly checkpoints: { readonly [member: string]: string };
    readonly history?: string | undefined;
  };
  readonly outputs: { readonly rewinding: string; readonly distances: string };
};

const stage = 'rewinding/evaluate';

/** Evaluates the networks asked for, each distinct one once, and compares the weights of all checkpoints with those of epoch 0. */
export async function evaluateRewound(context: Context): Promise<{ [fact: string]: number | string }> {
  const { params, inputs, outputs, progress, warn } = context;
  const series = await openCheckpoints(inputs.checkpoints, stage);
  const { description, epochs } = series;
  const groups = layerGroups(description);
  const layers = chooseLayers(groups, params.layers);
  const data = await readData(inputs.data, description, params);
  const backend = await asStageError(stage, [Error], () => openBackend(params.backend));

  const finalEpoch = epochs.at(-1)!;
  const final = await series.read(finalEpoch);
  const bestEpoch = await bestOf(series, data, context);
  const networks = planNetworks({
    ...params, groups, finalEpoch, bestEpoch, layers, epochs: resolveEpochs(params.epochs, { epochs, bestEpoch, stage }),
    batchNorm: params.batchNorm.map((mode) => ({ reestimate: 'reestimated', rewind: 'rewound', keep: 'kept' } as const)[mode]),
  });
  const identities = networks.map((network) => networkIdentity(network, finalEpoch));
  const evaluations = await evaluateDistinct(networks, identities, { final, finalEpoch, series, groups, data, params, progress });
  const evaluationOf = (variant: RewoundNetwork['variant']): Evaluation | undefined => evaluations.get(identities[networks.findIndex((network) => network.variant === variant)]!);
  const [finalTest, bestTest] = [evaluationOf('final')?.isTestCorrect, evaluationOf('best')?.isTestCorrect];
  const scale = finalTest && bestTest && { final: finalTest, best: bestTest };
  await writeTable(outputs.rewinding, rewindingTable, networks.flatMap((network, i) => rewindingRows(network, evaluations.get(identities[i]!)!, { finalEpoch, scale })));
  if (epochs[0] !== 0) warn('There is no checkpoint of epoch 0, so distances from the initial weights are not known.');
  await writeTable(outputs.distances, distancesTable, await measureDistances(series, groups));
  return { networks: evaluations.size, finalEpoch, ...(bestEpoch === undefined ? {} : { bestEpoch }), backend };
}

/** Evaluates each network once, in order of the first layer that differs from the final network, so that the layers before it are run once. */
async function evaluateDistinct(networks: readonly RewoundNetwork[], identities: readonly string[], work: {
  final: Tensors; finalEpoch: number; series: CheckpointSeries; groups: readonly LayerGroup[]; data: EvaluationData; params: Params; progress: Context['progress'];
}): Promise<Map<string, Evaluation>> {
  const { final, finalEpoch, series, groups, data, params, progress } = work;
  const steps = layersOf(data.description);
  const distinct = [...new Map(networks.map((network, i) => [identities[i]!, network]))].map(([identity, network]) => {
    const first = changedGroups(network, finalEpoch)[0] ?? groups.at(-1)!;
    return { identity, network, step: steps.findIndex(({ index }) => index === first.index) };
  }).sort((a, b) => a.step - b.step);
  const evaluations = new Map<string, Evaluation>();
  const shared = new SharedLayers(final, data);
  let source: { readonly name: string; readonly tensors: Tensors } | undefined;
  try {
    for (const { identity, network, step } of distinct) {
      const { epoch, batchNorm, weights, readout } = network;
      progress(evaluations.size, distinct.length, describeNetwork(network));
      const name = weights === 'fresh' ? weights : String(epoch);
      if (source?.name !== name) source = { name, tensors: weights === 'fresh' ? freshWeights(data.description, params.seed) : await series.read(epoch) };
      const tensors = setBack(final, { earlier: source.tensors, groups: network.groups, withStatistics: batchNorm === 'rewound' });
      const inputs = await shared.inputsOf(step, { isReestimated: batchNorm === 'reestimated' });
      evaluations.set(identity, await asStageError(`${stage}: ${describeNetwork(network)}`, [RangeError], () => evaluateNetwork(tensors, data, { ...inputs, isRetrained: readout === 'retrained' })));
    }
  } finally {
    shared.dispose();
  }
  progress(distinct.length, distinct.length, `${distinct.length} networks`);
  return evaluations;
}

async function readData(folders: { readonly examples: string; readonly labels: string }, description: NetworkDescription, { seed, statisticsBatchSize }: Params): Promise<EvaluationData> {
  const tensor = await readTensor(folders.examples, { schema: examplesSchema });
  await asStageError(stage, [RangeError], () => checkImages(tensor, description));
  const labels = await readTable(folders.labels, labelsTable);
  const sets = exampleSetIndices(labels);
  const trained = labels.filter(({ split }) => split === 'train').map(({ exampleId }) => exampleId);
  if (trained.length === 0) throw new StageError(`${stage}: data must have training examples; it has none.`);
  return {
    description, examples: { data: tensor.data, count: tensor.shape[0]! }, sets, statisticsBatchSize,
    images: Int32Array.from(new Set([...trained, ...sets.flatMap(({ indices }) => [...indices])])).sort(),
    // Mixed, for a batch of few classes has statistics of its own.
    trained: Int32Array.from(randomStream(seed, stage, 'statistics').shuffle(trained)), assigned: assignedLabels(labels, tensor.shape[0]!),
  };
}

function chooseLayers(groups: readonly LayerGroup[], wanted: Params['layers']): string[] {
  const names = groups.map(({ name }) => name);
  if (wanted === 'all') return names;
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new StageError(`${stage}: there is no layer "${unknown}" with weights; the nearest is "${closest(unknown, names)}". Layers: ${names.join(', ')}.`);
  return names.filter((name) => wanted.includes(name));
}

/** The epoch of the highest test accuracy, by the history or by evaluating every checkpoint; undefined without test examples. */
async function bestOf(series: CheckpointSeries, data: EvaluationData, { inputs, progress, warn }: Context): Promise<number | undefined> {
  const test = data.sets.filter(({ set }) => set === 'test');
  if (test.length === 0) return undefined;
  if (inputs.history !== undefined) {
    const history = await readTable(inputs.history, historyTable);
    const best = findBestEpoch(history, series.epochs);
    if (best === undefined) throw new StageError(`${stage}: history must have the test accuracy at an epoch with a checkpoint (${series.epochs.join(', ')}); it has none. Give the history of the same run.`);
    const ever = findBestEpoch(history, history.map(({ epoch }) => epoch));
    if (ever !== best) warn(`The best test epoch, ${ever}, has no checkpoint; the best of those kept, ${best}, stands for it.`);
    return best;
  }
  const images = test[0]!.indices;
  const accuracies: { epoch: number; set: string; accuracy: number }[] = [];
  for (const [i, epoch] of series.epochs.entries()) {
    progress(i, series.epochs.length, `test accuracy of epoch ${epoch}`);
    const { sets } = await evaluateNetwork(await series.read(epoch), { ...data, sets: test, images }, { evaluation: imageInputs(data, images), training: undefined, isRetrained: false });
    accuracies.push({ epoch, set: 'test', accuracy: sets[0]!.accuracy.value });
  }
  return findBestEpoch(accuracies, series.epochs);
}

/** A network that no training has seen, from a stream of its own: not the one that a training with this seed began with. */
function freshWeights(description: NetworkDescription, seed: number): Tensors {
  return new Map(initialParameters(description, randomStream(seed, stage, 'fresh weights').nextUint32()).map((parameter) => [parameter.name, parameter]));
}

function describeNetwork({ variant, groups, epoch, batchNorm, weights, readout }: RewoundNetwork): string {
  const layers = variant === 'single' || variant === 'tail' ? ` ${variant === 'tail' && groups.length > 1 ? `${groups[0]!.name} to ${groups.at(-1)!.name}` : groups[0]!.name}` : '';
  const marks = [weights === 'fresh' ? 'fresh weights' : `epoch ${epoch}`, ...(batchNorm === 'none' ? [] : [`statistics ${batchNorm}`]), ...(readout === 'retrained' ? ['readout retrained'] : [])];
  return `${variant}${layers}, ${marks.join(', ')}`;
}
