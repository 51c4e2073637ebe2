import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { activationsSchema, checkpointSchema, examplesSchema, labelsTable, readTable, readTensor, readTensorSet } from '@memgeo/artifacts';
import { installedStages } from '@memgeo/cli';
import { Network, openBackend, Team, type NetworkDescription } from '@memgeo/network';
import { readPipeline, type Point } from '@memgeo/pipeline';
import { executeJob, type Job } from '@memgeo/stage';
import { summarize, type Timing } from '../measure.js';
import { report } from './own-process.js';

/** What to measure: the pipeline whose stages `data`, `train` and `activations` are timed, and how often. */
export type StagesRequest = { readonly pipeline: string; readonly repeats: number };

export type StagesReport = {
  readonly epochs: number;
  readonly examples: number;
  /** training/train, and the same steps without a stage; in turns. In milliseconds. */
  readonly training: Timing;
  readonly steps: Timing;
  /** What training/train takes beyond the steps, as a share of them, in each turn; by time and by processor time. */
  readonly shares: readonly number[];
  readonly cpuShares: readonly number[];
  readonly points: number;
  readonly images: number;
  /** activations/extract, and plain evaluation of the same images. */
  readonly extraction: Timing;
  readonly evaluation: Timing;
};

type Timed = { readonly ms: number; readonly cpuMs: number };

const { pipeline, repeats } = JSON.parse(process.argv[2]!) as StagesRequest;
const catalog = installedStages();
const { points } = await readPipeline(pipeline, { catalog });
const pointOf = (stage: string): Point => points.find((point) => point.stage.id === stage)!;
const folder = await mkdtemp(join(tmpdir(), 'memgeo-bench-'));

async function time(work: () => Promise<unknown>): Promise<Timed> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - start, cpuMs: (user + system) / 1000 };
}

/** Runs a stage with the parameters of the pipeline, but for those given, on one thread. @returns the folder of its outputs. */
async function runStage(id: string, name: string, inputs: Job['inputs'], given: Job['params'] = {}): Promise<string> {
  const { files, ...point } = pointOf(id);
  const params = { ...(point.params as Job['params']), ...given };
  const place = (what: string): string => join(folder, `${name}-${what}`);
  const job: Job = { format: 1, stage: id, point: name, params, inputs, files, outputFolder: place('out'), stateFolder: place('state'), resultFile: place('result.json'), threads: 1, lineage: [] };
  const result = await executeJob(job, await catalog.load(id), () => undefined);
  if (result.status === 'failed') throw new Error(`${id}: ${result.error.message}`);
  return job.outputFolder;
}

try {
  const dataFolder = await runStage('dataset/permute', 'data', {});
  const data = { examples: join(dataFolder, 'examples'), labels: join(dataFolder, 'labels') };
  await openBackend('wasm');
  const { epochs, batchSize, learningRate, momentum } = pointOf('training/train').params as { epochs: number; batchSize: number; learningRate: number; momentum: number };
  const tensor = await readTensor(data.examples, { schema: examplesSchema });
  const examples = { data: tensor.data as Uint8Array, count: tensor.shape[0]! };
  const rows = await readTable(data.labels, labelsTable);
  const labels = new Int32Array(examples.count);
  for (const { exampleId, assignedLabel } of rows) labels[exampleId] = assignedLabel;
  const trained = rows.filter(({ split }) => split === 'train').map(({ exampleId }) => exampleId);

  // A short run compiles, and leaves the checkpoint whose description the steps alone begin with.
  const output = await runStage('training/train', 'train-first', { data }, { epochs: 1 });
  const checkpoint = join(output, 'checkpoints', '1');
  const { metadata, tensors } = await readTensorSet(checkpoint, { schema: checkpointSchema });
  const { network: description } = metadata as unknown as { network: NetworkDescription };
  const stepsAlone = async (): Promise<void> => {
    const network = Network.initialize(description, 1);
    const team = await Team.start(network, { learningRate, momentum, weightDecay: 0 }, { examples, labels, workers: 1 });
    const learningRates = new Array<number>(Math.ceil(trained.length / batchSize)).fill(learningRate);
    for (let epoch = 0; epoch < epochs; epoch++) await team.trainEpoch(trained, { batchSize, learningRates });
    await team.close();
    network.dispose();
  };
  const [stages, steps]: [Timed[], Timed[]] = [[], []];
  for (let i = 0; i < repeats; i++) {
    steps.push(await time(stepsAlone));
    stages.push(await time(() => runStage('training/train', `train-${i}`, { data })));
  }

  const network = Network.fromTensors(description, tensors as Parameters<typeof Network.fromTensors>[1]);
  const images = Int32Array.from(trained);
  const [extractions, evaluations]: [Timed[], Timed[]] = [[], []];
  let points = 0;
  for (let i = 0; i < 2 * repeats + 1; i++) {
    const evaluation = await time(() => network.predict(examples, images));
    let written = '';
    const extraction = await time(async () => { written = await runStage('activations/extract', `activations-${i}`, { data, checkpoint }); });
    const layer = (pointOf('activations/extract').params as { layers: string[] }).layers[0]!;
    points = (await readTensor(join(written, 'activations', layer), { schema: activationsSchema })).shape[0]!;
    if (i > 0) [extractions, evaluations].forEach((list, j) => list.push(j === 0 ? extraction : evaluation));
  }
  const timing = (list: readonly Timed[]): Timing => summarize(list.map(({ ms }) => ms));
  report({
    epochs, examples: epochs * trained.length, training: timing(stages), steps: timing(steps),
    shares: stages.map(({ ms }, i) => ms / steps[i]!.ms - 1), cpuShares: stages.map(({ cpuMs }, i) => cpuMs / steps[i]!.cpuMs - 1),
    points, images: images.length, extraction: timing(extractions), evaluation: timing(evaluations),
  } satisfies StagesReport);
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
