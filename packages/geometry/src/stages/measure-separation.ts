import { geometryTable, writeTable, type GeometryRow } from '@memgeo/artifacts';
import { gatherRows, randomStream } from '@memgeo/numerics';
import { asStageError, type StageContext } from '@memgeo/stage';
import { classSeparation, type ClassSeparation, type NotedEstimate } from '../separation/class-separation.js';
import { linearDecisions } from '../separation/decisions.js';
import { decisionMismatch, selfDualityDistance } from '../separation/neural-collapse.js';
import { probeLayer } from '../separation/probes.js';
import { exactly } from '../statistics/estimate.js';
import { readActivationLayer, type ActivationLayer, type ActivationSet } from './activation-layers.js';
import { readClassifier, type Classifier } from './classifier.js';
import { measureAcrossLayers, type LayerSummary } from './measure-across-layers.js';
import { tidyRows } from './measure-sets.js';

type Params = { neighbors: number; ridgePenalty: number | 'cross-validated'; featureLimit: number; seed: number };
type Context = Pick<StageContext, 'progress' | 'log' | 'outputs'> & {
  readonly params: Params;
  readonly inputs: { readonly activations: { readonly [layer: string]: string }; readonly checkpoint?: string | undefined };
};

const stage = 'geometry/separation';

/** Measures every set of every layer, one layer in memory at a time, then what takes all layers of an epoch. */
export async function measureSeparation({ params, inputs, outputs, progress, log }: Context): Promise<{ analyses: number }> {
  const layers = Object.entries(inputs.activations);
  const classifier = inputs.checkpoint === undefined ? undefined : await readClassifier(inputs.checkpoint);
  if (inputs.checkpoint !== undefined && classifier === undefined) log('nc3 and nc4 are left out: the checkpoint has no tensor "output.kernel" of shape (features, classes).');
  const rows: GeometryRow[] = [];
  const summaries: LayerSummary[] = [];
  let isClassifierUsed = false;
  let mismatch: string | undefined;
  for (const [index, [name, path]] of layers.entries()) {
    const activations = await readActivationLayer(name, path, stage);
    const { layer, layerIndex, epoch, sets } = activations;
    const random = randomStream(params.seed, stage, layer);
    const isInput = classifier !== undefined && classifier.inputLayers.includes(layer);
    if (isInput) mismatch = reasonAgainst(classifier, activations);
    const used = isInput && mismatch === undefined ? classifier : undefined;
    isClassifierUsed ||= used !== undefined;
    const separations = new Map<string, ClassSeparation>();
    for (const [done, own] of sets.entries()) {
      progress(index + done / (sets.length + 1), layers.length, `${layer}, ${own.set}`);
      separations.set(own.set, await asStageError(`${stage}: ${layer}, ${own.set}`, [RangeError], () => classSeparation(own.points, { limit: params.featureLimit, random })));
    }
    progress(index + sets.length / (sets.length + 1), layers.length, `${layer}, probes`);
    const { ridgePenalty, neighbors, featureLimit: limit } = params;
    const probed = await asStageError(`${stage}: ${layer}`, [RangeError], () =>
      probeLayer(sets, { neighbors, penalty: ridgePenalty === 'cross-validated' ? undefined : ridgePenalty, limit, random }));
    if ('reason' in probed && index === 0) log(`probes and prediction depth are left out: ${probed.reason}`);
    for (const own of sets) {
      const separation = separations.get(own.set)!;
      const probes = 'probes' in probed ? probed.probes.get(own.set) : undefined;
      const measures = { ...separation.measures, ...(used ? measureClassifier(used, own, separation) : {}), ...probes?.measures };
      const { manifoldCount, pointsPerManifold, ambientDimension } = separation;
      rows.push(...tidyRows({ measures, warnings: [], manifoldCount, pointsPerManifold, ambientDimension }, { ...activations, set: own.set }));
      summaries.push({
        layer, layerIndex, epoch, set: own.set, manifoldCount, pointsPerManifold, ambientDimension, votes: probes?.votes, hasProbes: probes !== undefined,
        compression: separation.measures.withinClassCompression.value, discrimination: separation.measures.betweenClassDiscrimination.value,
      });
    }
    progress(index + 1, layers.length, layer);
  }
  if (classifier && !isClassifierUsed) log(`nc3 and nc4 are left out: ${mismatch ?? `no layer is the input of the last one, ${classifier.inputLayers.join(' or ')}`}.`);
  rows.push(...measureAcrossLayers(summaries, log));
  await writeTable(outputs.geometry!, geometryTable, rows);
  return { analyses: summaries.length };
}

/** Why a layer of the right name is not what the classifier takes in; undefined if it is. */
function reasonAgainst({ features, classCount, epoch }: Classifier, activations: ActivationLayer): string | undefined {
  const { layer, sets } = activations;
  const width = sets[0]!.points.shape[1];
  if (width !== features) return `${layer} has ${width} features where the last layer takes ${features}; it may be projected`;
  if (epoch !== undefined && activations.epoch !== null && epoch !== activations.epoch) return `${layer} is of epoch ${activations.epoch}, the checkpoint of epoch ${epoch}`;
  const outside = sets.flatMap(({ points }) => Array.from(points.manifoldOf)).find((manifold) => manifold < 0 || manifold >= classCount);
  return outside === undefined ? undefined : `class ${outside} of ${layer} is none of the ${classCount} of the network`;
}

/** NC3 and NC4 of one set. */
function measureClassifier(
  { kernel, bias, features, classCount }: Classifier, { points }: ActivationSet, { manifolds, centered, nearest }: ClassSeparation,
): { readonly [measure: string]: NotedEstimate } {
  const weights = new Float64Array(kernel.length);
  for (let j = 0; j < features; j++) for (let k = 0; k < classCount; k++) weights[k * features + j] = kernel[j * classCount + k]!;
  const distance = selfDualityDistance(centered, gatherRows(weights, features, manifolds));
  const decisions = linearDecisions(points.data, { features, weights, bias });
  return {
    nc3: { ...exactly(distance), ...(Number.isNaN(distance) ? { note: 'The class centers coincide, or the weights are all zero.' } : {}) },
    nc4: decisionMismatch(nearest, decisions),
  };
}
