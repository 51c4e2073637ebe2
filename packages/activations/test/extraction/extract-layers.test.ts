import { beforeAll, describe, expect, test } from '@jest/globals';
import { Network, networkSchema, openBackend, tapPoints, type NetworkDescription } from '@memgeo/network';
import { randomStream } from '@memgeo/numerics';
import { extractLayers, randomProjection, type ExtractedLayer, type ExtractionOptions } from '../../src/index.js';

beforeAll(() => openBackend('wasm'));

const description: NetworkDescription = { spec: networkSchema.parse({ kind: 'resnet18', channels: 2 }), inputShape: [8, 8, 1], classCount: 2, normalization: { mean: 0, standardDeviation: 1 } };
const examples = { data: randomStream(1, 'images').fillNormal(new Float32Array(20 * 64)), count: 20 };
const images = [3, 9, 9, 4, 0, 3, 19];
const features = new Map(tapPoints(description).map(({ name, shape }) => [name, shape.reduce((product, size) => product * size, 1)]));
const layer = (name: string, projection?: { kept: number; hasMatrix: boolean }): ExtractedLayer => ({ name, features: features.get(name)!, kept: features.get(name)!, hasMatrix: false, ...projection });

async function extract(layers: readonly ExtractedLayer[], options: Partial<ExtractionOptions> = {}): Promise<Map<string, Float32Array>> {
  const network = Network.initialize(description, 1);
  const results = new Map<string, Float32Array>();
  await extractLayers(network, examples, layers, { images, seed: 1, ...options }, (name, values) => { results.set(name, values); return Promise.resolve(); });
  network.dispose();
  return results;
}

describe('extractLayers()', () => {
  const layers = ['conv1.relu', 'layer1.0.relu', 'layer2.0.shortcut.norm', 'layer4.1.relu'].map((name) => layer(name));

  test('gives each row the outputs of its image, in the order of layers', async () => {
    const whole = await extract(layers);
    expect([...whole.keys()]).toEqual(layers.map(({ name }) => name));
    const network = Network.initialize(description, 1);
    await network.forEachBatch(examples, images, { taps: layers.map(({ name }) => name) }, (_, tapped) => {
      for (const { name } of layers) expect(whole.get(name)).toEqual(tapped[name]);
    });
    network.dispose();
  });

  test('gives the same to the bit in one pass and in many, and a matrix whole or in parts', async () => {
    const projected = layers.map(({ name }, i) => (i < 2 ? layer(name, { kept: 24, hasMatrix: true }) : layer(name)));
    const whole = await extract(projected);
    const passes = new Set<string>();
    const parted = await extract(projected, { heldValues: 200, matrixValues: 128 * 7, onProgress: (_, names) => passes.add(names.join()) });
    expect(parted).toEqual(whole);
    expect(passes.size).toBe(4);
    const [plain, matrix] = [(await extract(layers)).get('conv1.relu')!, randomProjection(128, 24, { seed: 1, layer: 'conv1.relu' })];
    for (let row = 0; row < images.length; row++) {
      for (let k = 0; k < 24; k++) {
        const product = matrix.subarray(128 * k, 128 * (k + 1)).reduce((sum, value, j) => sum + value * plain[128 * row + j]!, 0);
        expect(Math.abs(whole.get('conv1.relu')![24 * row + k]! - product)).toBeLessThan(1e-5);
      }
    }
  });

  test('without a matrix keeps squared distances in the scale of one with it, and rows of one image alike', async () => {
    const [plain, fast] = [await extract(layers), await extract([layer('conv1.relu', { kept: 100, hasMatrix: false })])];
    const distances = (values: Float32Array) => {
      const width = values.length / images.length;
      return images.map((_, row) => Math.hypot(...Array.from({ length: width }, (__, j) => values[j]! - values[row * width + j]!)) ** 2);
    };
    const [before, after] = [distances(plain.get('conv1.relu')!), distances(fast.get('conv1.relu')!)];
    // Relative errors of squared distances are about sqrt(2 / 100), less for so few features left out.
    before.forEach((distance, row) => expect(Math.abs(after[row]! - (distance * 100) / 128)).toBeLessThan(0.3 * distance + 1e-9));
    expect(fast.get('conv1.relu')!.subarray(100, 200)).toEqual(fast.get('conv1.relu')!.subarray(200, 300));
  });

  test('an error in what is done with a layer is not lost', async () => {
    const network = Network.initialize(description, 1);
    const failing = extractLayers(network, examples, layers, { images, seed: 1, heldValues: 200 }, () => Promise.reject(new Error('disk is full')));
    await expect(failing).rejects.toThrow('disk is full');
    network.dispose();
  });
});
