import { join } from 'node:path';
import { activationsSchema, checkpointSchema, examplesSchema, labelsTable, readTable, readTensor, readTensorSet, writeTensor } from '@memgeo/artifacts';
import { Network, openBackend, tapPoints, type Examples, type NetworkDescription } from '@memgeo/network';
import { asStageError, StageError, type StageContext } from '@memgeo/stage';
import { closest } from 'fastest-levenshtein';
import type { z } from 'zod';
import { randomProjection } from '../projection/random-projection.js';
import { choosePoints } from '../selection/choose-points.js';
import type { extractParams } from './extract.js';

type Params = z.output<typeof extractParams>;
type Context = Pick<StageContext, 'outputs' | 'progress' | 'log'> & {
  readonly params: Params; readonly inputs: { readonly data: { readonly examples: string; readonly labels: string }; readonly checkpoint: string };
};
type TapPoint = ReturnType<typeof tapPoints>[number];

/** Float32 values of activations held at once; more layers than fit take another pass over the examples. */
const heldValues = 200e6;
const batchSize = 240;

/** Chooses points, runs the network, writes one tensor per layer. */
export async function extractActivations({ params, inputs, outputs, progress, log }: Context): Promise<{ layers: number; points: number; epoch: number; backend: string }> {
  const checkpoint = await readTensorSet(inputs.checkpoint, { schema: checkpointSchema });
  const { epoch, network: description } = checkpoint.metadata as unknown as { epoch: number; network: NetworkDescription };
  const layers = chooseLayers(description, params.layers);
  const tensor = await readTensor(inputs.data.examples, { schema: examplesSchema });
  const labels = await readTable(inputs.data.labels, labelsTable);
  const { pointsPerManifold, seed, sets } = params;
  const points = await asStageError('activations/extract', [RangeError], () => choosePoints(labels, { classNames: tensor.metadata.classNames as string[], pointsPerManifold, seed, sets }));
  if (points.length === 0) throw new StageError(`activations/extract: sets must hold examples; ${sets.join(', ')} ${sets.length === 1 ? 'has' : 'have'} none. Choose others, or permute labels in dataset/permute.`);
  const backend = await asStageError('activations/extract', [Error], () => openBackend(params.backend));
  const network = Network.fromTensors(description, checkpoint.tensors);
  const images = [...new Set(points.map(({ exampleId }) => exampleId))].sort((a, b) => a - b);
  const rowsOf = new Map<number, number[]>(images.map((id) => [id, []]));
  points.forEach(({ exampleId }, row) => rowsOf.get(exampleId)!.push(row));
  const projected = layers.filter((layer) => isProjected(layer, params)).map(({ name }) => name);
  if (projected.length > 0) log(`projects ${projected.join(', ')} to ${params.projectTo} features`);

  const groups = groupByMemory(layers, points.length, params);
  for (const [index, group] of groups.entries()) {
    const report = (share: number) => progress(index + share, groups.length, `epoch ${epoch}, ${group.map(({ name }) => name).join(', ')}`);
    const values = await activationsOf(network, { data: tensor.data, count: tensor.shape[0]! }, { group, images, rowsOf, pointCount: points.length, params, report });
    for (const layer of group) {
      const data = values.get(layer.name)!;
      await writeTensor(join(outputs.activations!, layer.name), {
        data, shape: [points.length, data.length / points.length],
        rows: { exampleId: Int32Array.from(points, (p) => p.exampleId), set: points.map((p) => p.set), manifold: Int32Array.from(points, (p) => p.manifold) },
        metadata: {
          epoch, layer: layer.name, layerIndex: layer.layerIndex, layerShape: [...layer.shape], isProjected: projected.includes(layer.name),
          classNames: tensor.metadata.classNames ?? [],
        },
      }, { schema: activationsSchema });
    }
  }
  network.dispose();
  return { layers: layers.length, points: points.length, epoch, backend };
}

function chooseLayers(description: NetworkDescription, wanted: Params['layers']): TapPoint[] {
  const taps = tapPoints(description);
  if (wanted === 'all') return taps;
  if (wanted === 'hidden') return taps.filter(({ isHiddenOutput }) => isHiddenOutput);
  const names = taps.map(({ name }) => name);
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new StageError(`activations/extract: there is no layer "${unknown}"; the nearest is "${closest(unknown, names)}". Layers: ${names.join(', ')}.`);
  }
  return taps.filter(({ name }) => wanted.includes(name));
}

/** Runs the images once and gathers the activations of some layers, shape (points, features). */
async function activationsOf(network: Network, examples: Examples, work: {
  group: readonly TapPoint[]; images: readonly number[]; rowsOf: ReadonlyMap<number, readonly number[]>; pointCount: number; params: Params; report: (share: number) => void;
}): Promise<Map<string, Float32Array>> {
  const { group, images, rowsOf, pointCount, params, report } = work;
  const { projectTo, seed } = params;
  const projections = new Map(group.filter((layer) => isProjected(layer, params)).map((layer) =>
    [layer.name, { matrix: randomProjection(sizeOf(layer), projectTo, { seed, layer: layer.name }), projectTo }]));
  const values = new Map(group.map((layer) => [layer.name, new Float32Array(pointCount * keptFeatures(layer, params))]));
  await network.forEachBatch(examples, images, { taps: group.map(({ name }) => name), projections, batchSize }, (start, tapped) => {
    for (const layer of group) {
      const features = keptFeatures(layer, params);
      const [batch, target] = [tapped[layer.name]!, values.get(layer.name)!];
      for (let i = 0; i * features < batch.length; i++) {
        for (const row of rowsOf.get(images[start + i]!)!) target.set(batch.subarray(i * features, (i + 1) * features), row * features);
      }
    }
    report(Math.min(1, (start + batchSize) / images.length));
  });
  return values;
}

/** Layers in turn, as many at once as fit the memory. */
function groupByMemory(layers: readonly TapPoint[], points: number, params: Params): TapPoint[][] {
  const groups: TapPoint[][] = [];
  let room = 0;
  for (const layer of layers) {
    const size = points * keptFeatures(layer, params);
    if (groups.length === 0 || size > room) {
      groups.push([]);
      room = heldValues;
    }
    groups.at(-1)!.push(layer);
    room -= size;
  }
  return groups;
}

function isProjected(layer: TapPoint, { projectionLimit }: Params): boolean {
  return sizeOf(layer) > projectionLimit;
}

function keptFeatures(layer: TapPoint, params: Params): number {
  return isProjected(layer, params) ? params.projectTo : sizeOf(layer);
}

function sizeOf({ shape }: TapPoint): number {
  return shape.reduce((product, size) => product * size, 1);
}
