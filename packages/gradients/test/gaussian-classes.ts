import { Network, networkSchema, type NetworkSpec } from '@memgeo/network';
import type { RandomStream } from '@memgeo/numerics';

export const classes = 5;
const side = 4;

export type ToyExamples = { readonly examples: { readonly data: Float32Array; readonly count: number }; readonly labels: Int32Array };

/** Normal clouds around one center per class, as 4 x 4 images of one channel; classes take turns. */
export function gaussianClasses(count: number, { centers, random }: { centers: RandomStream; random: RandomStream }): ToyExamples {
  const means = centers.fillNormal(new Float32Array(classes * side * side));
  const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
  const data = Float32Array.from({ length: count * side * side }, (_, at) => means[labels[Math.floor(at / (side * side))]! * side * side + (at % (side * side))]! + random.nextNormal());
  return { examples: { data, count }, labels };
}

/** An untrained network for such images. */
export function toyNetwork(spec: Partial<NetworkSpec> = {}, seed = 1): Network {
  return Network.initialize({ spec: networkSchema.parse({ kind: 'mlp', hidden: [24, 20], ...spec }), inputShape: [side, side, 1], classCount: classes, normalization: { mean: 0, standardDeviation: 1 } }, seed);
}

export const indicesOf = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);
