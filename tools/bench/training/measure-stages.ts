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
  /** training/train, and of it the steps. In milliseconds. */
  readonly training: Timing;
  readonly steps: Timing;
  /** What training/train takes beyond its steps, as a share of them, in each repeat. Files are written while steps go on. */
  readonly shares: readonly number[];
  readonly points: number;
  readonly images: number;
  /** activations/extract, and plain evaluation of the same images. */
  readonly extraction: Timing;
  readonly evaluation: Timing;
};

const { pipeline, repeats } = JSON.parse(process.argv[2]!) as StagesRequest;
const catalog = installedStages();
const { points } = await readPipeline(pipeline, { catalog });
const pointOf = (stage: string): Point => points.find((point) => point.stage.id === stage)!;
const folder = await mkdtemp(join(tmpdir(), 'memgeo-bench-'));

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Time of training spent in steps since the last look, without what a stage does with their logits. */
let inSteps = 0;
const { trainEpoch } = Team.prototype;
type EpochCallbacks = NonNullable<Parameters<Team['trainEpoch']>[2]>;
Team.prototype.trainEpoch = async function (this: Team, order, work, { onLogits, ...callbacks }: EpochCallbacks = {}) {
  const start = performance.now();
  let inRecords = 0;
  const record: EpochCallbacks['onLogits'] = onLogits && ((batch, logits) => {
    const begun = performance.now();
    onLogits(batch, logits);
    inRecords += performance.now() - begun;
  });
  try {
    return await trainEpoch.call(this, order, work, { ...callbacks, ...(record ? { onLogits: record } : {}) });
  } finally {
    inSteps += performance.now() - start - inRecords;
  }
};

/** What a pipeline says of how often something is evaluated or kept is left out: defaults are measured. */
function withoutCare({ evaluate: _, checkpoints: __, ...params }: Job['params']): Job['params'] {
  return params;
}

/** Runs a stage with the parameters of the pipeline, but for those given, on one thread. @returns the folder of its outputs. */
async function runStage(id: string, name: string, inputs: Job['inputs'], given: Job['params'] = {}): Promise<string> {
  const { files, params: written } = pointOf(id);
  const params = { ...withoutCare(written as Job['params']), ...given };
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
  const { epochs } = pointOf('training/train').params as { epochs: number };
  const tensor = await readTensor(data.examples, { schema: examplesSchema });
  const examples = { data: tensor.data as Uint8Array, count: tensor.shape[0]! };
  const rows = await readTable(data.labels, labelsTable);
  const trained = rows.filter(({ split }) => split === 'train').map(({ exampleId }) => exampleId);

  // A short run compiles, and leaves the checkpoint whose network is evaluated.
  const output = await runStage('training/train', 'train-first', { data }, { epochs: 1 });
  const checkpoint = join(output, 'checkpoints', '1');
  const { metadata, tensors } = await readTensorSet(checkpoint, { schema: checkpointSchema });
  const { network: description } = metadata as unknown as { network: NetworkDescription };
  const [stages, steps]: [number[], number[]] = [[], []];
  for (let i = 0; i < repeats; i++) {
    inSteps = 0;
    stages.push(await time(() => runStage('training/train', `train-${i}`, { data })));
    steps.push(inSteps);
  }

  const network = Network.fromTensors(description, tensors as Parameters<typeof Network.fromTensors>[1]);
  const images = Int32Array.from(trained);
  const [extractions, evaluations]: [number[], number[]] = [[], []];
  let points = 0;
  for (let i = 0; i < 2 * repeats + 1; i++) {
    const evaluation = await time(() => network.predict(examples, images));
    let written = '';
    const extraction = await time(async () => { written = await runStage('activations/extract', `activations-${i}`, { data, checkpoint }); });
    const layer = (pointOf('activations/extract').params as { layers: string[] }).layers[0]!;
    points = (await readTensor(join(written, 'activations', layer), { schema: activationsSchema })).shape[0]!;
    if (i > 0) [extractions, evaluations].forEach((list, j) => list.push(j === 0 ? extraction : evaluation));
  }
  report({
    epochs, examples: epochs * trained.length, training: summarize(stages), steps: summarize(steps), shares: stages.map((ms, i) => ms / steps[i]! - 1),
    points, images: images.length, extraction: summarize(extractions), evaluation: summarize(evaluations),
  } satisfies StagesReport);
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
