import { join } from 'node:path';
import { activationsSchema, checkpointSchema, examplesSchema, labelsTable, readTable, readTensor, readTensorSet, writeTensor } from '@memgeo/artifacts';
import { checkImages, Network, openBackend, sizeOfShape, tapPoints, type NetworkDescription } from '@memgeo/network';
import { asStageError, StageError, type StageContext } from '@memgeo/stage';
import { closest } from 'fastest-levenshtein';
import type { z } from 'zod';
import { extractLayers } from '../extraction/extract-layers.js';
import type { ExtractedLayer } from '../extraction/plan-passes.js';
import { choosePoints } from '../selection/choose-points.js';
import type { extractParams } from './extract.js';

type Params = z.output<typeof extractParams>;
type Context = Pick<StageContext, 'outputs' | 'progress' | 'log'> & {
  readonly params: Params; readonly inputs: { readonly data: { readonly examples: string; readonly labels: string }; readonly checkpoint: string };
};
type TapPoint = ReturnType<typeof tapPoints>[number];

/** Chooses points, runs the network, writes one tensor per layer. */
export async function extractActivations({ params, inputs, outputs, progress, log }: Context): Promise<{ layers: number; points: number; epoch: number; backend: string }> {
  const checkpoint = await readTensorSet(inputs.checkpoint, { schema: checkpointSchema });
  const { epoch, network: description } = checkpoint.metadata as unknown as { epoch: number; network: NetworkDescription };
  const layers = chooseLayers(description, params.layers);
  const tensor = await readTensor(inputs.data.examples, { schema: examplesSchema });
  await asStageError('activations/extract', [RangeError], () => checkImages(tensor, description));
  const labels = await readTable(inputs.data.labels, labelsTable);
  const { pointsPerManifold, seed, sets } = params;
  const points = await asStageError('activations/extract', [RangeError], () => choosePoints(labels, { classNames: tensor.metadata.classNames as string[], pointsPerManifold, seed, sets }));
  if (points.length === 0) throw new StageError(`activations/extract: sets must hold examples; ${sets.join(', ')} ${sets.length === 1 ? 'has' : 'have'} none. Choose others, or permute labels in dataset/permute.`);
  const backend = await asStageError('activations/extract', [Error], () => openBackend(params.backend));
  const network = await asStageError('activations/extract', [RangeError], () => Network.fromTensors(description, checkpoint.tensors));
  const extracted = layers.map((layer) => planLayer(layer, params));
  const projected = extracted.filter(({ features, kept }) => kept < features).map(({ name }) => name);
  if (projected.length > 0) log(`projects ${projected.join(', ')} to ${params.projectTo} features`);

  const rows = { exampleId: Int32Array.from(points, (p) => p.exampleId), set: points.map((p) => p.set), manifold: Int32Array.from(points, (p) => p.manifold) };
  const onProgress = (share: number, names: readonly string[]) => progress(share, 1, `epoch ${epoch}, ${names.join(', ')}`);
  await extractLayers(network, { data: tensor.data, count: tensor.shape[0]! }, extracted, { images: rows.exampleId, seed, onProgress }, async (name, data) => {
    const { layerIndex, shape } = layers.find((layer) => layer.name === name)!;
    await writeTensor(join(outputs.activations!, name), {
      data, shape: [points.length, data.length / points.length], rows,
      metadata: { epoch, layer: name, layerIndex, layerShape: [...shape], isProjected: projected.includes(name), classNames: tensor.metadata.classNames ?? [] },
    }, { schema: activationsSchema });
  });
  network.dispose();
  return { layers: layers.length, points: points.length, epoch, backend };
}

/** What is written of a layer, and how. */
function planLayer({ name, shape }: TapPoint, { projectionLimit, projectTo, projection }: Params): ExtractedLayer {
  const features = sizeOfShape(shape);
  const isProjected = features > projectionLimit;
  return { name, features, kept: isProjected ? projectTo : features, hasMatrix: isProjected && projection === 'gaussian' };
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
