import { fittingBatch, type Examples, type Network } from '@memgeo/network';
import { fastProjection, projectionRows } from '../projection/random-projection.js';
import { planPasses, type ExtractedLayer, type PassPart } from './plan-passes.js';

export type ExtractionOptions = {
  /** The image of each row. */
  readonly images: ArrayLike<number>;
  readonly seed: number;
  /** Most float32 values of activations held at once. Default 200e6. */
  readonly heldValues?: number | undefined;
  /** The same of matrices of projections. Default 200e6. */
  readonly matrixValues?: number | undefined;
  /** Called after each batch with the share that is done. */
  readonly onProgress?: (share: number, layers: readonly string[]) => void;
};

/** Most images in a batch. */
const mostInBatch = 240;

/**
 * Runs images through a network in evaluation mode and gives the activations of layers, one layer after the other, in order.
 *
 * Images that stand in several rows run once a pass; there are as few passes as memory allows. What is done with a layer, such as writing it,
 * goes on beside the next pass.
 *
 * @param receive  Gets a layer's activations, shape (rows, kept); may return while it is still at work with them, with a promise.
 */
export async function extractLayers(
  network: Network, examples: Examples, layers: readonly ExtractedLayer[], options: ExtractionOptions, receive: (layer: string, values: Float32Array) => Promise<void>,
): Promise<void> {
  const { images, heldValues = 200e6, matrixValues = 200e6, onProgress } = options;
  const rowsOf = new Map<number, number[]>();
  Array.from(images).forEach((image, row) => rowsOf.set(image, [...(rowsOf.get(image) ?? []), row]));
  const distinct = [...rowsOf.keys()].sort((a, b) => a - b);
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const held = new Map<string, Float32Array>();
  const drawn = new Map<string, (target: Float32Array) => void>();
  const received = new Set<Promise<void>>();
  let unreceived = 0;
  const passes = planPasses(layers, { points: images.length, heldValues, matrixValues });
  for (const [pass, parts] of passes.entries()) {
    const fresh = parts.filter(({ layer }) => !held.has(layer)).map(({ layer }) => byName.get(layer)!);
    const needed = fresh.reduce((sum, { kept }) => sum + kept * images.length, 0);
    if (unreceived + needed > heldValues) {
      await Promise.all(received);
      unreceived = 0;
    }
    for (const { name, kept } of fresh) held.set(name, new Float32Array(images.length * kept));
    const projections = new Map(parts.filter(({ layer }) => byName.get(layer)!.hasMatrix).map(({ layer, count }) => {
      const next = drawn.get(layer) ?? projectionRows(byName.get(layer)!.features, { seed: options.seed, layer });
      drawn.set(layer, next);
      return [layer, { count, next }];
    }));
    const writers = parts.map((part) => rowWriter(part, byName.get(part.layer)!, { target: held.get(part.layer)!, seed: options.seed }));
    const taps = parts.map(({ layer }) => layer);
    const batchSize = fittingBatch(network.layers, { taps, most: mostInBatch });
    await network.forEachBatch(examples, distinct, { taps, projections, batchSize }, async (start, tapped) => {
      for (const [i, { layer }] of parts.entries()) {
        const batch = tapped[layer]!;
        const count = Math.min(batchSize, distinct.length - start);
        const width = batch.length / count;
        for (let row = 0; row < count; row++) writers[i]!(batch.subarray(row * width, (row + 1) * width), rowsOf.get(distinct[start + row]!)!);
      }
      onProgress?.((pass + Math.min(1, (start + batchSize) / distinct.length)) / passes.length, taps);
      // Lets what goes on beside take its turn.
      if (received.size > 0) await new Promise((resolve) => { setImmediate(resolve); });
    });
    for (const { layer, first, count } of parts) {
      if (first + count < byName.get(layer)!.kept) continue;
      const values = held.get(layer)!;
      held.delete(layer);
      unreceived += values.length;
      const settled: Promise<void> = receive(layer, values).then(() => { received.delete(settled); });
      settled.catch(() => undefined); // Reported where all are waited for.
      received.add(settled);
    }
  }
  await Promise.all(received);
}

/** Puts the output of an image into each of its rows. */
function rowWriter({ first }: PassPart, { features, kept, hasMatrix, name }: ExtractedLayer, { target, seed }: { target: Float32Array; seed: number }): (output: Float32Array, rows: readonly number[]) => void {
  if (hasMatrix || kept === features) return (output, rows) => { for (const row of rows) target.set(output, row * kept + first); };
  const project = fastProjection(features, kept, { seed, layer: name });
  return (output, [row, ...copies]) => {
    project(output, target, row! * kept);
    for (const copy of copies) target.copyWithin(copy * kept, row! * kept, (row! + 1) * kept);
  };
}
