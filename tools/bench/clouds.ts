import { randomStream, type LabeledPoints } from '@memgeo/geometry';

export type CloudsOptions = {
  readonly manifolds: number;
  readonly points: number;
  readonly features: number;
  /** Rank of what the centers share; 0 gives Gaussian points without centers. */
  readonly sharedCenters: number;
  /** Directions in which a manifold varies, with standard deviations that fall as a power law; isotropic without. */
  readonly withinDimension?: number;
};

/** Standard deviation of what varies in every direction besides. */
const noise = 0.1;

/** Manifolds like those in a trained network: centers that share directions, and variance within classes that falls as a power law. */
export function cloudsInSharedMemory({ manifolds, points, features, sharedCenters, withinDimension }: CloudsOptions): LabeledPoints {
  const random = randomStream(1, 'bench', 'clouds');
  const data = new Float32Array(new SharedArrayBuffer(4 * manifolds * points * features));
  const shared = Array.from({ length: sharedCenters }, () => random.fillNormal(new Float64Array(features)));
  for (let p = 0; p < manifolds; p++) {
    const center = sharedCenters > 0 ? random.fillNormal(new Float64Array(features)) : new Float64Array(features);
    for (const direction of shared) {
      const weight = 2 * random.nextNormal();
      for (let j = 0; j < features; j++) center[j]! += weight * direction[j]!;
    }
    const axes = Array.from({ length: withinDimension ?? 0 }, (_, d) => random.fillNormal(new Float64Array(features)).map((x) => x * (d + 1) ** -0.75));
    for (let i = 0; i < points; i++) {
      const row = data.subarray((p * points + i) * features, (p * points + i + 1) * features);
      if (withinDimension === undefined) random.fillNormal(row);
      for (const axis of axes) {
        const weight = random.nextNormal();
        for (let j = 0; j < features; j++) row[j]! += weight * axis[j]!;
      }
      for (let j = 0; j < features; j++) row[j]! += center[j]! + (withinDimension === undefined ? 0 : noise * random.nextNormal());
    }
  }
  return { data, shape: [manifolds * points, features], manifoldOf: Int32Array.from({ length: manifolds * points }, (_, i) => Math.floor(i / points)) };
}
