import { measureNormalization, Network, networkSchema, openBackend, scoreLogits, Trainer, type Examples } from '../src/index.js';

/** Trains a network on 8 x 8 images of one channel and returns its accuracy on them. */
export async function memorize(images: Examples, labels: Int32Array, options: { classCount: number; epochs: number }): Promise<number> {
  await openBackend('wasm');
  const all = Int32Array.from(labels.keys());
  const spec = networkSchema.parse({ kind: 'vgg', channels: [8], convolutionsPerBlock: 1, dense: [64] });
  const network = Network.initialize({ spec, inputShape: [8, 8, 1], classCount: options.classCount, normalization: measureNormalization(images, all) }, 1);
  const trainer = new Trainer(network, { learningRate: 0.05, momentum: 0.9, weightDecay: 0 });
  for (let epoch = 0; epoch < options.epochs; epoch++) await trainer.trainEpoch(images, labels, all, { batchSize: 20 });
  const { accuracy } = scoreLogits(await network.predict(images, all), labels);
  trainer.dispose();
  network.dispose();
  return accuracy;
}
