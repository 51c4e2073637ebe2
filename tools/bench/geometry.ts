import { manifoldGeometry, randomStream, type ManifoldGeometryOptions } from '@memgeo/geometry';
import { crossProducts, gramOfRows, solveNonnegative, Threads } from '@memgeo/numerics';
import { availableParallelism } from 'node:os';
import { cloudsInSharedMemory, type CloudsOptions } from './clouds.js';
import { measure, timingOfPart, type BenchmarkRow, type Timing } from './measure.js';

type Tell = (row: BenchmarkRow) => void;

type Workload = CloudsOptions & {
  readonly what: string;
  readonly gaussianVectors: number;
  /** What the reference program took for the like, in seconds, when its golden values were made; on another day's machine, so a hint. */
  readonly referenceSeconds?: number;
};

const workloads: readonly Workload[] = [
  { what: 'P=100 M=50 N=5000 n_t=200, Gaussian (README)', manifolds: 100, points: 50, features: 5000, sharedCenters: 0, gaussianVectors: 200, referenceSeconds: 48.6 },
  { what: 'P=100 M=50 N=2048 n_t=300, structured', manifolds: 100, points: 50, features: 2048, sharedCenters: 8, withinDimension: 64, gaussianVectors: 300, referenceSeconds: 61.4 },
  { what: 'P=10 M=50 N=512 n_t=300, structured', manifolds: 10, points: 50, features: 512, sharedCenters: 3, withinDimension: 64, gaussianVectors: 300, referenceSeconds: 6.3 },
  { what: 'P=20 M=500 N=2048 n_t=100, structured', manifolds: 20, points: 500, features: 2048, sharedCenters: 4, withinDimension: 64, gaussianVectors: 100 },
  { what: 'P=36 M=40 N=1000 n_t=100, structured (quickstart)', manifolds: 36, points: 40, features: 1000, sharedCenters: 8, withinDimension: 64, gaussianVectors: 100 },
];

/** Times manifoldGeometry() whole and in parts, on one thread and on all, and the kernels under it. */
export async function benchGeometry(tell: Tell): Promise<void> {
  await benchKernels(tell);
  for (const workload of workloads) await benchWorkload(workload, tell);
}

async function benchKernels(tell: Tell): Promise<void> {
  const random = randomStream(1, 'bench', 'kernels');
  for (const [rows, length] of [[50, 5000], [100, 5000], [1000, 1000]] as const) {
    const matrix = random.fillNormal(new Float64Array(rows * length));
    const rate = (timing: Timing, flops: number) => ({ 'GFLOP/s': flops / timing.median / 1e6 });
    const gram = await measure(() => gramOfRows(matrix, rows, length));
    tell({ what: `Gram matrix, ${rows} x ${length}`, timing: gram, facts: rate(gram, rows * rows * length) });
    const product = await measure(() => crossProducts(matrix, rows, matrix.slice(), rows, length));
    tell({ what: `products, ${rows} x ${rows} x ${length}`, timing: product, facts: rate(product, 2 * rows * rows * length) });
  }
  for (const [count, isStructured] of [[50, false], [50, true], [500, false], [500, true]] as const) {
    const vectors = count > 100 ? 40 : 400;
    // Points relative to their center, in units of its norm, which is the last coordinate: isotropic as far as they are many, or a power law.
    const points = random.fillNormal(new Float64Array(count * (count + 1)));
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < count; j++) points[i * (count + 1) + j]! *= isStructured ? (j + 1) ** -0.75 : 1;
      points[i * (count + 1) + count] = 1;
    }
    const gram = gramOfRows(points, count, count + 1);
    const b = crossProducts(random.fillNormal(new Float64Array(vectors * (count + 1))), vectors, points, count, count + 1);
    let support = 0;
    const timing = await measure(() => { support = solveNonnegative(gram, b, { count, vectors }).multipliers.reduce((sum, a) => sum + Number(a > 0), 0) / vectors; });
    tell({
      what: `anchor problem, M=${count}, ${isStructured ? 'structured' : 'Gaussian'}`,
      timing: timingOfPart(timing, vectors),
      facts: { 'solves/s': (1000 * vectors) / timing.median, support },
    });
  }
}

/** The whole on one thread and on all, and how its parts divide: what is done once, the anchor points, the search of the shared directions. */
async function benchWorkload({ what, gaussianVectors, referenceSeconds, ...shape }: Workload, tell: Tell): Promise<void> {
  const points = cloudsInSharedMemory(shape);
  const threads = new Threads(availableParallelism());
  const run = (options: Partial<ManifoldGeometryOptions>) => manifoldGeometry(points, { gaussianVectors, random: randomStream(2), ...options });
  try {
    let { capacity, centerRank } = run({});
    const alone = await measure(() => { ({ capacity, centerRank } = run({})); });
    const once = await measure(() => run({ lowRank: 'none', gaussianVectors: 1 }));
    const withAnchors = await measure(() => run({ lowRank: 'none' }));
    const together = await measure(() => run({ threads }), { warmUpMs: 3000 });
    const share = (ms: number) => `${Math.max(0, Math.round((100 * ms) / alone.median))} %`;
    tell({
      what,
      timing: alone,
      facts: {
        capacity: capacity.value,
        K: centerRank,
        'done once': share(once.median),
        'anchor points': share(withAnchors.median - once.median),
        'shared directions': share(alone.median - withAnchors.median),
        ...(referenceSeconds === undefined ? {} : { 'reference s': referenceSeconds, 'times faster': (1000 * referenceSeconds) / alone.median }),
      },
    });
    tell({ what: `  on ${threads.count} threads`, timing: together, facts: { speedup: alone.median / together.median } });
  } finally {
    threads.close();
  }
}
