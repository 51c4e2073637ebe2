import { randomStream } from '../src/index.js';

/**
 * Classes of two Gaussian clusters in 64 dimensions behind a random tanh layer and random rectified layers, as an untrained network has them:
 * correlated, of low dimension, not Gaussian.
 */
export function structured({ classes, points, features, layers, seed }: { classes: number; points: number; features: number; layers: number; seed: number }): { data: Float64Array; shape: [number, number]; manifoldOf: Int32Array } {
  const random = randomStream(seed, 'structured');
  const inputs = 64;
  const count = classes * points;
  const weightsOf = (outputs: number, width: number, scale: number) => random.fillNormal(new Float64Array(outputs * width)).map((x) => scale * x);
  const apply = (x: Float64Array, width: number, weights: Float64Array, outputs: number, activation: (value: number) => number) => Float64Array.from({ length: count * outputs }, (_, index) => {
    const [row, k] = [Math.floor(index / outputs), index % outputs];
    let sum = 0;
    for (let j = 0; j < width; j++) sum += x[row * width + j]! * weights[k * width + j]!;
    return activation(sum);
  });
  const clusters = random.fillNormal(new Float64Array(2 * classes * inputs));
  const raw = Float64Array.from({ length: count * inputs }, (_, index) => {
    const row = Math.floor(index / inputs);
    return clusters[(2 * Math.floor(row / points) + (row % 2)) * inputs + (index % inputs)]! + 0.9 * random.nextNormal();
  });
  let [data, width] = [apply(raw, inputs, weightsOf(inputs, inputs, 1 / Math.sqrt(inputs)), inputs, Math.tanh), inputs];
  for (let j = 0; j < inputs; j++) {
    let mean = 0;
    for (let i = 0; i < count; i++) mean += data[i * inputs + j]! / count;
    for (let i = 0; i < count; i++) data[i * inputs + j]! -= mean;
  }
  for (let layer = 0; layer < layers; layer++) {
    data = apply(data, width, weightsOf(features, width, Math.sqrt(2 / width)), features, (value) => Math.max(0, value));
    width = features;
  }
  return { data, shape: [count, width], manifoldOf: Int32Array.from({ length: count }, (_, row) => Math.floor(row / points)) };
}
