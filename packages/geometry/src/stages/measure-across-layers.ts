import type { GeometryRow } from '@memgeo/artifacts';
import { fitLine } from '../separation/depth-line.js';
import type { NotedEstimate } from '../separation/class-separation.js';
import { predictionDepths } from '../separation/prediction-depth.js';
import { exactly, meanOf } from '../statistics/estimate.js';
import type { ActivationLayer } from './activation-layers.js';
import { tidyRows, type SetMeasurement } from './measure-sets.js';

/** What of one set in one layer is needed to compare layers. */
export type LayerSummary = Omit<ActivationLayer, 'sets'> & Omit<SetMeasurement, 'measures' | 'warnings'> & {
  readonly set: string;
  readonly compression: number;
  readonly discrimination: number;
  readonly hasProbes: boolean;
  readonly votes: Int32Array | undefined;
};

/** Stands for the layer in rows that concern all. */
const allLayers = '(all layers)';

/** Fewest layers that say something of a trend. */
const fewestLayers = 3;

/** Measures trends over depth and prediction depth, for each set of each epoch; says if there are too few layers. */
export function measureAcrossLayers(summaries: readonly LayerSummary[], log: (message: string) => void): GeometryRow[] {
  const groups = new Map<string, LayerSummary[]>();
  for (const summary of summaries) {
    const key = JSON.stringify([summary.epoch, summary.set]);
    groups.set(key, [...(groups.get(key) ?? []), summary]);
  }
  const rows: GeometryRow[] = [];
  for (const group of groups.values()) {
    const hasDepths = group.every(({ layerIndex }) => layerIndex !== null);
    // Layers with weights are counted; without their numbers the layers stand in the order given.
    const layers = group.map((summary, position) => ({ ...summary, depth: hasDepths ? summary.layerIndex! : position })).sort((a, b) => a.depth - b.depth);
    if (new Set(layers.map(({ depth }) => depth)).size < fewestLayers) continue;
    const last = layers.at(-1)!;
    const warnings = hasDepths ? [] : ['The activations do not say which layer is how deep: layers are counted in the order given.'];
    const measures = { ...trends(layers), ...(layers.every(({ hasProbes }) => hasProbes) ? { predictionDepth: meanDepth(layers) } : {}) };
    rows.push(...tidyRows({ ...last, measures, warnings }, { ...last, layer: allLayers, layerIndex: null }));
  }
  if (rows.length === 0) log(`trends over layers and prediction depth are left out: they take ${fewestLayers} layers of different depth.`);
  return rows;
}

type DeepLayer = LayerSummary & { readonly depth: number };

function trends(layers: readonly DeepLayer[]): { readonly [measure: string]: NotedEstimate } {
  const depths = layers.map(({ depth }) => depth);
  const compression = fitLine(depths, layers.map((layer) => Math.log(layer.compression)));
  const discrimination = fitLine(depths, layers.map((layer) => layer.discrimination));
  const ratio = Math.exp(compression.slope.value);
  const noted = (estimate: NotedEstimate, reason: string): NotedEstimate => (Number.isFinite(estimate.value) ? estimate : { ...estimate, note: reason });
  const noCompression = 'There is a layer without a compression that is a positive number.';
  const noDiscrimination = 'There is a layer without a discrimination.';
  const constant = 'All layers have the same value.';
  return {
    compressionRatio: noted({ value: ratio, standardError: ratio * compression.slope.standardError }, noCompression),
    compressionFit: noted(exactly(compression.determination), Number.isFinite(ratio) ? constant : noCompression),
    discriminationSlope: noted(discrimination.slope, noDiscrimination),
    discriminationFit: noted(exactly(discrimination.determination), Number.isFinite(discrimination.slope.value) ? constant : noDiscrimination),
  };
}

function meanDepth(layers: readonly DeepLayer[]): NotedEstimate {
  const votes = layers.flatMap((layer) => layer.votes ?? []);
  const [first] = votes;
  if (votes.length < layers.length) return { ...exactly(NaN), note: 'There is a layer in which neighbors cannot vote.' };
  if (votes.some(({ length }) => length !== first!.length)) return { ...exactly(NaN), note: 'The layers hold different numbers of points.' };
  return { ...meanOf(predictionDepths(votes, layers.map(({ depth }) => depth))), note: 'The final prediction is the vote in the last layer.' };
}
