import { randomStream } from '../src/index.js';

/** Manifolds of points around random centers of unit norm: Gaussian clouds of a spread, or spheres in random subspaces. */
export function clouds(options: {
  manifolds: number; points: number; features: number; seed: number; spread?: number; sphere?: { dimension: number; radius: number };
}): { data: Float64Array; shape: [number, number]; manifoldOf: Int32Array } {
  const { manifolds, points, features, seed, spread = 1, sphere } = options;
  const random = randomStream(seed, 'clouds');
  const data = new Float64Array(manifolds * points * features);
  const manifoldOf = new Int32Array(manifolds * points);
  for (let p = 0; p < manifolds; p++) {
    const center = random.fillNormal(new Float64Array(features)).map((x) => x / Math.sqrt(features));
    const axes = Array.from({ length: sphere?.dimension ?? 0 }, () => random.fillNormal(new Float64Array(features)).map((x) => x / Math.sqrt(features)));
    for (let i = 0; i < points; i++) {
      const row = p * points + i;
      manifoldOf[row] = p;
      const direction = random.fillNormal(new Float64Array(axes.length));
      const norm = Math.hypot(...direction);
      for (let j = 0; j < features; j++) {
        let value = center[j]!;
        if (sphere) axes.forEach((axis, k) => { value += (sphere.radius * direction[k]! * axis[j]!) / norm; });
        else value += (spread * random.nextNormal()) / Math.sqrt(features);
        data[row * features + j] = value;
      }
    }
  }
  return { data, shape: [manifolds * points, features] as [number, number], manifoldOf };
}
