import type { GeometryRow, HistoryRow, LabelsRow, SimilarityRow, Tensor } from '@memgeo/artifacts';

/**
 * Rows like those of the quickstart: a small VGG on 36 classes, half of the labels permuted, means of three seeds
 * measured with PyTorch. Values between the measured epochs and layers are linear interpolations.
 */
const layers = ['conv1.relu', 'conv2.pool', 'conv4.pool', 'conv6.pool', 'dense1.relu'] as const;
const features = [6272, 1568, 784, 288, 128];

const measured: { readonly [measure: string]: { readonly [epoch: number]: { readonly [set: string]: readonly number[] } } } = {
  capacity: {
    0: { unpermuted: [0.123, 0.133, 0.126, 0.116, 0.115], permuted: [0.051, 0.051, 0.05, 0.05, 0.052], restored: [0.12, 0.132, 0.125, 0.114, 0.113], test: [0.135, 0.141, 0.129, 0.121, 0.122] },
    1: { unpermuted: [0.114, 0.133, 0.14, 0.157, 0.189], permuted: [0.05, 0.051, 0.051, 0.05, 0.051], restored: [0.112, 0.138, 0.139, 0.159, 0.183], test: [0.122, 0.148, 0.147, 0.162, 0.185] },
    4: { unpermuted: [0.112, 0.137, 0.142, 0.168, 0.229], permuted: [0.05, 0.05, 0.051, 0.051, 0.056], restored: [0.113, 0.134, 0.142, 0.167, 0.202], test: [0.117, 0.143, 0.156, 0.182, 0.221] },
    9: { unpermuted: [0.106, 0.14, 0.137, 0.154, 0.196], permuted: [0.051, 0.05, 0.05, 0.054, 0.067], restored: [0.107, 0.131, 0.136, 0.147, 0.156], test: [0.115, 0.136, 0.143, 0.16, 0.18] },
    15: { unpermuted: [0.107, 0.132, 0.129, 0.14, 0.173], permuted: [0.05, 0.05, 0.05, 0.056, 0.08], restored: [0.107, 0.127, 0.134, 0.134, 0.129], test: [0.111, 0.13, 0.14, 0.149, 0.159] },
    30: { unpermuted: [0.106, 0.125, 0.126, 0.13, 0.167], permuted: [0.051, 0.05, 0.05, 0.061, 0.104], restored: [0.104, 0.124, 0.124, 0.117, 0.107], test: [0.114, 0.13, 0.135, 0.128, 0.13] },
  },
  radius: {
    0: { unpermuted: [1.14, 1.11, 1.08, 1.09, 1.16], permuted: [1.64, 1.63, 1.62, 1.6, 1.69], restored: [1.15, 1.11, 1.07, 1.1, 1.16], test: [1.11, 1.08, 1.06, 1.07, 1.14] },
    4: { unpermuted: [1.14, 1.07, 1.06, 0.99, 0.87], permuted: [1.62, 1.62, 1.62, 1.6, 1.54], restored: [1.14, 1.08, 1.06, 0.99, 0.93], test: [1.13, 1.06, 1.02, 0.96, 0.89] },
    15: { unpermuted: [1.15, 1.07, 1.06, 1.01, 0.93], permuted: [1.58, 1.6, 1.59, 1.47, 1.24], restored: [1.15, 1.08, 1.04, 1.03, 1.06], test: [1.13, 1.07, 1.03, 0.99, 0.98] },
    30: { unpermuted: [1.15, 1.08, 1.05, 1.01, 0.93], permuted: [1.57, 1.59, 1.58, 1.37, 1.09], restored: [1.16, 1.08, 1.05, 1.06, 1.11], test: [1.12, 1.07, 1.02, 1.02, 1.04] },
  },
  dimension: {
    0: { unpermuted: [13.8, 12.7, 14, 15.2, 14.6], permuted: [26.9, 26.4, 27.3, 27.5, 25.7], restored: [14.1, 12.9, 14.2, 15.4, 14.7], test: [12.9, 12.2, 13.8, 14.7, 13.9] },
    4: { unpermuted: [15.1, 12.7, 12.4, 11.1, 8.8], permuted: [27.4, 27, 26.8, 26.7, 25], restored: [15, 12.9, 12.3, 11.2, 9.5], test: [14.5, 12.2, 11.5, 10.4, 8.8] },
    15: { unpermuted: [15.7, 13.3, 13.7, 13.3, 11.2], permuted: [27.5, 27.2, 27.3, 25.7, 19.9], restored: [15.8, 13.6, 13.4, 13.8, 13.7], test: [15.3, 13.3, 12.9, 12.6, 11.8] },
    30: { unpermuted: [16.1, 13.9, 14.2, 14.3, 11.8], permuted: [27.4, 27.2, 27.6, 24.5, 16.9], restored: [16.2, 14, 14.4, 15.4, 16.1], test: [15.1, 13.4, 13.5, 14.4, 13.8] },
  },
};

/** [epoch, test, unpermuted, permuted, restored] accuracies of one seed. */
const accuracies = [
  [0, 0.03, 0.03, 0.027, 0.03], [1, 0.66, 0.71, 0.02, 0.64], [2, 0.72, 0.77, 0.02, 0.71], [3, 0.78, 0.88, 0.03, 0.81], [4, 0.84, 0.94, 0.04, 0.82], [5, 0.78, 0.91, 0.05, 0.76],
  [6, 0.81, 0.95, 0.08, 0.74], [8, 0.75, 0.93, 0.17, 0.61], [10, 0.63, 0.9, 0.31, 0.41], [12, 0.59, 0.87, 0.42, 0.32], [15, 0.58, 0.93, 0.61, 0.22], [20, 0.57, 0.94, 0.75, 0.13], [25, 0.55, 0.98, 0.94, 0.03], [30, 0.56, 0.99, 0.99, 0],
] as const;

/** History of the run. */
export function quickstartHistory(): HistoryRow[] {
  return accuracies.flatMap(([epoch, test, unpermuted, permuted, restored]) =>
    Object.entries({ unpermuted, permuted, restored, test }).map(([set, accuracy]) => ({
      epoch, set, examples: set === 'test' ? 1800 : 1440, loss: Math.round(-Math.log(0.02 + 0.97 * accuracy) * 1e4) / 1e4, accuracy, learningRate: epoch === 0 ? 0 : 0.02,
    })));
}

/** Geometry rows of one epoch, center correlation made up to fall with training. */
export function quickstartGeometry(epoch: number): GeometryRow[] {
  return Object.keys(measured).flatMap((measure) => ['unpermuted', 'permuted', 'restored', 'test'].flatMap((set) => layers.map((layer, index) => row(epoch, index, set, measure, interpolate(measured[measure]!, epoch, set, index)))))
    .concat(['unpermuted', 'permuted', 'restored', 'test'].flatMap((set) => layers.map((_, index) => row(epoch, index, set, 'centerCorrelation', (set === 'permuted' ? 0.15 : 0.23) * (1 - 0.1 * (index / 4) * Math.log1p(epoch))))));
}

function row(epoch: number, index: number, set: string, measure: string, value: number): GeometryRow {
  return {
    epoch, layer: layers[index]!, layerIndex: index === 4 ? 7 : [1, 2, 4, 6][index]!, set, measure, value, standardError: measure === 'centerCorrelation' ? null : value * 0.02, lower: null, upper: null, samplingError: null,
    manifolds: 36, pointsPerManifold: 40, ambientDimension: Math.min(1000, features[index]!), note: '',
  };
}

function interpolate(table: { readonly [epoch: number]: { readonly [set: string]: readonly number[] } }, epoch: number, set: string, index: number): number {
  const epochs = Object.keys(table).map(Number).sort((a, b) => a - b);
  const after = epochs.find((known) => known >= epoch) ?? epochs.at(-1)!;
  const before = [...epochs].reverse().find((known) => known <= epoch) ?? epochs[0]!;
  const weight = after === before ? 0 : (epoch - before) / (after - before);
  return (1 - weight) * table[before]![set]![index]! + weight * table[after]![set]![index]!;
}

/** Images of 6 classes with stripes, half of the training labels shifted by one class. */
export function stripedExamples(): { examples: Tensor; labels: LabelsRow[] } {
  const count = 72;
  const data = new Uint8Array(count * 28 * 28);
  const labels: LabelsRow[] = [];
  for (let i = 0; i < count; i++) {
    const trueLabel = i % 6;
    const isPermuted = i < 48 && Math.floor(i / 6) % 2 === 1;
    for (let y = 0; y < 28; y++) for (let x = 0; x < 28; x++) data[(i * 28 + y) * 28 + x] = Math.round(127 + 120 * Math.sin(((x * Math.cos(trueLabel) + y * Math.sin(trueLabel)) * (2 + (i % 5))) / 6));
    labels.push({ exampleId: i, split: i < 48 ? 'train' : 'test', trueLabel, assignedLabel: isPermuted ? (trueLabel + 1) % 6 : trueLabel, isPermuted });
  }
  return { examples: { data, shape: [count, 784], rows: {}, metadata: { height: 28, width: 28, channels: 1, classNames: ['A', 'B', 'C', 'D', 'E', 'Ankle boot, left'] } }, labels };
}

/** Similarity rows: layers at epochs 0 and 30, and epochs of the layers, less alike the farther apart; each pair once. */
export function quickstartSimilarity(): SimilarityRow[] {
  const epochs = [0, 4, 30];
  const rows: SimilarityRow[] = [];
  const add = (comparison: string, set: string, [layerIndex, epoch]: readonly [number, number], [otherLayerIndex, otherEpoch]: readonly [number, number], distance: number): void => {
    const isSame = layerIndex === otherLayerIndex && epoch === otherEpoch;
    for (const [measure, shift] of [['cka', 0.05], ['ckaUnbiased', 0]] as const) {
      const value = isSame ? 1 : Math.exp(-distance * (set === 'permuted' ? 0.5 : 0.3)) + shift;
      rows.push({
        comparison, set, layer: layers[layerIndex]!, layerIndex: layerIndex + 1, epoch, otherLayer: layers[otherLayerIndex]!, otherLayerIndex: otherLayerIndex + 1, otherEpoch,
        measure, value, standardError: isSame ? 0 : 0.01, examples: 1000, note: '',
      });
    }
  };
  for (const set of ['unpermuted', 'permuted', 'restored', 'test']) {
    for (const epoch of [0, 30]) for (let a = 0; a < 5; a++) for (let b = a; b < 5; b++) add('layers', set, [a, epoch], [b, epoch], b - a);
    for (let layer = 0; layer < 5; layer++) epochs.forEach((epoch, a) => epochs.slice(a).forEach((other) => add('epochs', set, [layer, epoch], [layer, other], Math.log1p(other) - Math.log1p(epoch))));
  }
  return rows;
}
