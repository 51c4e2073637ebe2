import { manifoldGeometry, randomStream } from '@memgeo/geometry';
import { measure, report } from './measure.js';

/** Times of the reference program for the same work, in seconds, as its golden values were made; on another day's machine, so a hint. */
const workloads = [
  { what: 'P=100 M=50 N=5000 n_t=200, Gaussian', manifolds: 100, points: 50, features: 5000, gaussianVectors: 200, centers: 0, reference: 48.6 },
  { what: 'P=10 M=50 N=512 n_t=300, clusters', manifolds: 10, points: 50, features: 512, gaussianVectors: 300, centers: 1, reference: 6.3 },
  { what: 'P=36 M=40 N=1000 n_t=100, clusters: one point of the quickstart', manifolds: 36, points: 40, features: 1000, gaussianVectors: 100, centers: 1, reference: undefined },
] as const;

/** Times manifoldGeometry() on one thread. */
export async function benchGeometry(): Promise<void> {
  for (const { what, manifolds, points, features, gaussianVectors, centers, reference } of workloads) {
    const random = randomStream(1, 'bench', what);
    const data = new Float32Array(manifolds * points * features);
    const manifoldOf = new Int32Array(manifolds * points);
    for (let p = 0; p < manifolds; p++) {
      const center = random.fillNormal(new Float32Array(features));
      for (let i = 0; i < points; i++) {
        const row = p * points + i;
        manifoldOf[row] = p;
        for (let j = 0; j < features; j++) data[row * features + j] = centers * center[j]! + random.nextNormal();
      }
    }
    const input = { data, shape: [manifolds * points, features] as const, manifoldOf };
    let capacity = 0;
    const time = await measure(() => { capacity = manifoldGeometry(input, { gaussianVectors, random: randomStream(2) }).capacity.value; }, { repeats: 3 });
    report(what, time, `capacity ${capacity.toPrecision(4)}${reference === undefined ? '' : `; reference ${reference} s, ${((1000 * reference) / time.median).toFixed(0)} x`}`);
  }
}
