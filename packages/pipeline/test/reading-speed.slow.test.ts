import { expect, test } from '@jest/globals';
import { ReadingWorkbench } from './reading-workbench.js';

const bench = new ReadingWorkbench();

/** Five stages of equal size, each point with the point of the same coordinates before it, and one that gathers the last. */
function pipelineOf(pointCount: number): { [stage: string]: string } {
  const perStage = pointCount / 5;
  const matrix = `matrix: { run: [${Array.from({ length: perStage / 20 }, (_, run) => run)}], kind: [${Array.from({ length: 20 }, (_, kind) => `k${kind}`)}] }`;
  const same = '[run=${matrix.run},kind=${matrix.kind}]';
  const use = (from: string): string => `{ uses: test/use, ${matrix}, in: { left: "${from}${same}.numbers" }, with: { power: "\${matrix.run}" } }`;
  return { a: `{ uses: test/source, ${matrix}, with: { seed: "\${matrix.run}" } }`, b: use('a'), c: use('b'), d: use('c'), e: use('d'), end: '{ uses: test/gather, in: { many: "e[*]" } }' };
}

/** Processor time, which counts what this process does and not what others do meanwhile. */
async function timeOf(pointCount: number): Promise<number> {
  let best = Infinity;
  for (let time = 0; time < 3; time++) {
    const start = process.cpuUsage();
    expect((await bench.readStages(pipelineOf(pointCount))).points).toHaveLength(pointCount + 1);
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

test('10,000 points in five stages are read in well under 0.7 s, and the time grows linearly', async () => {
  await timeOf(1000);
  const [small, large, largest] = [await timeOf(2000), await timeOf(10_000), await timeOf(40_000)];
  process.stderr.write(`read: 2,000 points ${small.toFixed(0)} ms, 10,000 ${large.toFixed(0)} ms, 40,000 ${largest.toFixed(0)} ms\n`);
  // Quadratic growth would be 25-fold and 16-fold; the rest is room for a machine that does other things too.
  expect(large / small).toBeLessThan(12);
  expect(largest / large).toBeLessThan(9);
  expect(large).toBeLessThan(1500);
});
