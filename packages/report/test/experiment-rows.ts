import type { DistanceGapRow, DistancesRow, GeometryRow, GradientsRow, HistoryRow, LearningRow, PhasesRow, RewindingRow } from '@memgeo/artifacts';
import type { Coordinates } from '../src/rows/gather.js';

/** Rows like those of the experiments beside the quickstart, after values measured with PyTorch on the same images. */
const layers = ['conv1', 'conv2', 'conv3', 'conv4', 'conv5', 'conv6', 'dense1', 'output'] as const;

type Located<Row> = Row & { readonly coordinates: Coordinates };

/** How far a layer and all after it, set back to epoch 4, bring test accuracy from .56 to .84, by seed; and what is left of permuted accuracy. */
const tail = { test: [0.86, 0.86, 0.85, 0.84, 0.81, 0.77, 0.69, 0.605], permuted: [0.04, 0.04, 0.04, 0.04, 0.05, 0.08, 0.22, 0.85] };
const single = { test: [0.572, 0.583, 0.594, 0.624, 0.616, 0.62, 0.638, 0.605], permuted: [0.97, 0.93, 0.87, 0.71, 0.67, 0.43, 0.4, 0.85] };
const batchNormLoss: { readonly [treatment: string]: readonly number[] } = { reestimated: [0, 0, 0, 0, 0, 0, 0, 0], rewound: [0.02, 0.02, 0.02, 0.03, 0.03, 0.07, 0.14, 0.01], kept: [0.82, 0.8, 0.75, 0.7, 0.62, 0.47, 0.31, 0.05] };
/** How well an epoch does, against epoch 4. */
const worth: { readonly [epoch: number]: number } = { 0: -1.6, 1: 0.6, 2: 0.95, 4: 1, 10: 0.5, 15: 0.2 };

/** Both variants at six epochs under three treatments of batch normalization, and the networks at both ends. */
export function rewindingExample({ seeds = [1], treatments = Object.keys(batchNormLoss) }: { seeds?: readonly number[]; treatments?: readonly string[] } = {}): Located<RewindingRow>[] {
  return seeds.flatMap((seed) => {
    const shift = 0.01 * (seed - 1);
    const row = (about: Partial<RewindingRow>, set: string, measure: string, value: number): Located<RewindingRow> => ({
      variant: 'final', layer: '', layerIndex: null, layers: '', epoch: 30, finalEpoch: 30, batchNorm: 'none', weights: 'stored', readout: 'stored', ...about, set, measure, value: Math.max(0, value + shift), standardError: 0.011, examples: 1800, note: '', coordinates: { seed },
    });
    const ends = [row({}, 'test', 'accuracy', 0.56), row({}, 'permuted', 'accuracy', 0.99), row({ variant: 'best', epoch: 4 }, 'test', 'accuracy', 0.84), row({ variant: 'best', epoch: 4 }, 'permuted', 'accuracy', 0.04)];
    const parts = treatments.flatMap((batchNorm) => Object.keys(worth).map(Number).flatMap((epoch) => layers.flatMap((layer, index) => (['tail', 'single'] as const).flatMap((variant) => {
      const values = variant === 'tail' ? tail : single;
      const about = { variant, layer, layerIndex: index + 1, layers: variant === 'tail' ? layers.slice(index).join(', ') : layer, epoch, batchNorm };
      const test = 0.56 + (values.test[index]! - 0.56) * worth[epoch]! - batchNormLoss[batchNorm]![index]!;
      return [row(about, 'test', 'accuracy', test), row(about, 'permuted', 'accuracy', 0.99 + (values.permuted[index]! - 0.99) * Math.min(1, Math.abs(worth[epoch]!))), { ...row(about, 'test', 'restoration', 0), value: (test - 0.56) / 0.28 + shift }];
    }))));
    return [...ends, ...parts];
  });
}

/** Gradients at six epochs in eight layers and all together. */
export function gradientsExample({ seeds = [1], layerCount = layers.length }: { seeds?: readonly number[]; layerCount?: number } = {}): Located<GradientsRow>[] {
  const epochs = [0, 1, 2, 4, 15, 30];
  const [clean, ratios, independent] = [[3e-4, 1.7e-3, 6e-3, 9e-3, 1.4e-2, 1.6e-2], [0.3, 0.1, 0.14, 0.25, 0.6, 0.85], [4e-4, 4e-4, 3e-3, 6e-3, 1.2e-2, 1.6e-2]] as const;
  const names = [...Array.from({ length: layerCount }, (_, index) => layers[index] ?? `conv${index + 1}`), '(all layers)'];
  return seeds.flatMap((seed) => names.flatMap((layer, l) => epochs.flatMap((epoch, e) => {
    const scale = (1 + 0.15 * l) * (1 + 0.05 * seed);
    const row = (set: string, measure: string, value: number): Located<GradientsRow> => ({
      epoch, layer, layerIndex: l === layerCount ? null : l + 1, set, measure, value, standardError: Math.abs(value) * 0.05, examples: 1440, parameters: 1000, note: '', coordinates: { seed },
    });
    const ratio = ratios[e]! * (1 - 0.04 * l);
    return [
      row('unpermuted', 'labelDependentNorm', clean[e]! * scale), row('permuted', 'labelDependentNorm', clean[e]! * ratio * scale),
      row('unpermuted', 'labelIndependentNorm', independent[e]! * scale), row('permuted', 'labelIndependentNorm', independent[e]! * 0.9 * scale),
      row('unpermuted', 'labelDependentProjection', -1000 * clean[e]!), row('permuted', 'labelDependentProjection', -1000 * clean[e]! * ratio),
      row('unpermuted', 'labelIndependentProjection', 1000 * independent[e]!), row('permuted', 'labelIndependentProjection', 900 * independent[e]!),
      row('permuted', 'labelDependentRatio', ratio),
      ...(['unpermuted', 'permuted', 'restored', 'test'] as const).map((set) => row(set, 'alignment', (set === 'permuted' ? 1 + 0.5 * e : 8 + 3 * e) * (1 + 0.03 * l))),
    ];
  })));
}

const widths = [8, 16, 32, 48, 64, 128, 256, 512];
const trainAccuracy = [0.705, 0.741, 0.824, 0.889, 0.959, 0.995, 0.996, 0.998];
const testAccuracy = [0.763, 0.79, 0.731, 0.685, 0.7, 0.746, 0.784, 0.804];

/** Histories of a sweep of widths, at epochs 0, 5 and 80. */
export function sweepHistory({ seeds = [1, 2, 3] }: { seeds?: readonly number[] } = {}): Located<HistoryRow>[] {
  return widths.flatMap((width, w) => seeds.flatMap((seed) => [0, 5, 80].flatMap((epoch) => {
    const shift = 0.01 * (seed - 2);
    const row = (set: string, examples: number, accuracy: number): Located<HistoryRow> => ({
      epoch, set, examples, loss: 1, accuracy: epoch === 0 ? 0.03 : accuracy + (set === 'test' ? shift : 0), learningRate: 0.04, coordinates: { seed, width },
    });
    const train = epoch === 80 ? trainAccuracy[w]! : 0.7;
    return [row('unpermuted', 2304, Math.min(1, train + 0.05)), row('permuted', 576, Math.max(0, 5 * train - 4 * Math.min(1, train + 0.05))), row('restored', 576, 0.5), row('test', 1800, epoch === 80 ? testAccuracy[w]! : 0.84)];
  })));
}

/** Test manifolds of a sweep, of the widths that have features enough and one that has not. */
export function sweepGeometry({ seeds = [1, 2, 3] }: { seeds?: readonly number[] } = {}): Located<GeometryRow>[] {
  const values = { capacity: [0.17, 0.2, 0.18, 0.165, 0.155], radius: [1.1, 1.08, 1.01, 1.07, 1.08], dimension: [7.2, 8.9, 9.6, 10.8, 11.5] };
  return [32, 64, 128, 256, 512].flatMap((width, w) => seeds.flatMap((seed) => Object.entries(values).map(([measure, list]) => ({
    epoch: 80, layer: 'dense1.relu', layerIndex: 1, set: 'test', measure, value: list[w]! * (1 + 0.02 * (seed - 2)), standardError: 0.01, lower: null, upper: null, samplingError: null,
    manifolds: 36, pointsPerManifold: 40, ambientDimension: width, note: '', coordinates: { seed, width },
  }))));
}

/** Distances from initialization at five epochs. */
export function distancesExample({ seeds = [1], layerCount = layers.length }: { seeds?: readonly number[]; layerCount?: number } = {}): Located<DistancesRow>[] {
  const names = [...Array.from({ length: layerCount }, (_, index) => layers[index] ?? `conv${index + 1}`), '(all layers)'];
  return seeds.flatMap((seed) => names.flatMap((layer, l) => [0, 1, 4, 15, 30].flatMap((epoch) => (['distance', 'relativeDistance', 'cosine'] as const).map((measure) => ({
    epoch, layer, layerIndex: l === layerCount ? null : l + 1, measure, value: Math.log1p(epoch) * (0.07 + 0.015 * Math.abs(l - 3)) * (1 + 0.03 * seed), parameters: 100, note: '', coordinates: { seed },
  })))));
}

/** Rank correlations that grow with depth, and the ten runs behind them. */
export function distanceGapExample(): DistanceGapRow[] {
  const row = (run: string, layer: string, layerIndex: number | null, measure: string, value: number, isOver: boolean): DistanceGapRow => ({
    run, layer, layerIndex, measure, value, lower: isOver ? value - 0.2 : null, upper: isOver ? Math.min(1, value + 0.1) : null, pValue: isOver ? 0.01 : null, runs: isOver ? 10 : 1, note: '',
  });
  return [
    ...layers.map((layer, l) => row('', layer, l + 1, 'rankCorrelation', 0.2 + 0.1 * l, true)),
    ...Array.from({ length: 10 }, (_, i) => `fraction=${(Math.floor(i / 2) * 0.2).toFixed(1)}, seed=${(i % 2) + 1}`).flatMap((run, i) => [
      row(run, '(all layers)', null, 'generalizationGap', 0.05 + 0.06 * i, false), ...layers.map((layer, l) => row(run, layer, l + 1, 'relativeDistance', 0.2 + 0.01 * i * l + 0.02 * (i % 3), false)),
    ]),
  ];
}

/** One layer with phases, two without. */
export function phasesExample(): PhasesRow[] {
  const row = (layer: string, layerIndex: number, phase: string, fromEpoch: number | null, toEpoch: number | null): PhasesRow => ({
    layer, layerIndex, set: 'test', phase, fromEpoch, toEpoch, change: fromEpoch === null ? null : -0.1, standardError: fromEpoch === null ? null : 0.01, note: fromEpoch === null ? 'No phases seen.' : '',
  });
  return [row('conv1', 1, 'none', null, null), row('conv2', 2, 'none', null, null), row('dense1', 7, 'constant', 0, 1), row('dense1', 7, 'falling', 1, 4), row('dense1', 7, 'rising', 4, 30)];
}

/** Capacities by theory and by simulation of the same manifolds. */
export function simulationExample(): GeometryRow[] {
  const pairs = [[5, 'h4', 'unpermuted', 0.364, 0.329], [5, 'h4', 'test', 0.338, 0.316], [5, 'h4', 'restored', 0.279, 0.279], [5, 'h1', 'unpermuted', 0.274, 0.276], [40, 'h4', 'unpermuted', 0.31, 0.313], [40, 'h4', 'test', 0.248, 0.273], [40, 'h4', 'permuted', 0.225, 0.226], [40, 'h4', 'restored', 0.214, 0.233], [5, 'h4', 'permuted', 0.161, 0.174]] as const;
  return pairs.flatMap(([epoch, layer, set, theory, simulation]) => [['capacity', theory], ['simulatedCapacity', simulation]].map(([measure, value]) => ({
    epoch, layer, layerIndex: Number(layer[1]), set, measure: measure as string, value: value as number, standardError: 0.008, lower: null, upper: null, samplingError: null, manifolds: 36, pointsPerManifold: 12, ambientDimension: 256, note: '',
  })));
}

/** Images of three kinds a seed: half with their true label, learned early; half with a wrong one, learned late and lost again; and one that was permuted and kept its label. */
export function learningExample({ seeds = [1], epochs = 30, images = 40 }: { seeds?: readonly number[]; epochs?: number; images?: number } = {}): Located<LearningRow>[] {
  return seeds.flatMap((seed) => Array.from({ length: 2 * images + 1 }, (_, exampleId): Located<LearningRow> => {
    const isPermuted = exampleId >= images;
    const trueLabel = exampleId % 6;
    const place = (exampleId % images) / images;
    const first = isPermuted ? Math.ceil(epochs * (0.3 + 0.5 * place)) : Math.ceil(epochs * 0.3 * place ** 2) + 1;
    const isLost = isPermuted && exampleId % 5 === seed % 5;
    return {
      exampleId, trueLabel, assignedLabel: isPermuted && exampleId < 2 * images ? (trueLabel + 1) % 6 : trueLabel, isPermuted, epochs, firstLearnedEpoch: first, learnedForGoodEpoch: isLost ? null : Math.min(epochs, first + 3),
      forgettingEvents: isPermuted ? 1 + (exampleId % 3) : Number(place > 0.5), areaUnderMargin: (isPermuted ? -2 : 2) + 5 * place + 0.1 * seed, finalMargin: (isLost ? -1 : 3) + 4 * place, coordinates: { seed },
    };
  }));
}
