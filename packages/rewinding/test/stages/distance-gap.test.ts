import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { distanceGapTable, distancesTable, historyTable, readTable, writeTable, type DistancesRow } from '@memgeo/artifacts';
import { stage } from '../../src/stages/distance-gap.js';
import { runStage } from './run-stage.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-distance-gap-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

type Run = { readonly coordinates: { readonly [axis: string]: string | number }; readonly distances: { readonly [layer: string]: number | null }; readonly gap: number };

/** Writes the tables of runs whose training accuracy is 1 at their last epoch, 6, and gives them as the runner does. */
async function writeRuns(runs: readonly Run[], { epochs = [0, 6] }: { epochs?: readonly number[] } = {}) {
  const [distances, history] = [[], []] as { coordinates: Run['coordinates']; location: string }[][];
  for (const [i, { coordinates, distances: byLayer, gap }] of runs.entries()) {
    const rows = epochs.flatMap((epoch) => Object.entries(byLayer).flatMap(([layer, value], index) => (['distance', 'relativeDistance'] as const).map((measure): DistancesRow =>
      ({ epoch, layer, layerIndex: index + 1, measure, value: epoch === 0 ? 0 : value === null ? null : measure === 'distance' ? -value : value, parameters: 9, note: value === null ? 'zero' : '' }))));
    await writeTable(join(folder, `distances-${i}`), distancesTable, rows);
    const accuracies = [['unpermuted', 60, 1], ['permuted', 40, 1], ['restored', 40, 0], ['test', 50, 1 - gap]] as const;
    await writeTable(join(folder, `history-${i}`), historyTable, [0, 6].flatMap((epoch) => accuracies.map(([set, examples, accuracy]) => ({ epoch, set, examples, loss: 1, accuracy: epoch === 0 ? 0.5 : accuracy, learningRate: 0.1 }))));
    distances!.push({ coordinates, location: join(folder, `distances-${i}`) });
    history!.unshift({ coordinates, location: join(folder, `history-${i}`) });
  }
  return { distances: distances!, history: history! };
}
const run = async (inputs: unknown) => {
  const { messages, facts } = await runStage(stage, { folder, name: 'out', inputs });
  return { messages, facts, rows: await readTable(join(folder, 'out', 'distanceGap'), distanceGapTable) };
};
const five = [[0.1, 0.9], [0.3, 0.8], [0.2, 0.7], [0.4, 0.6], [0.5, 0.5]].map(([rising, falling], i): Run =>
  ({ coordinates: { fraction: i / 4, seed: 1 }, distances: { conv1: falling!, output: rising! }, gap: 0.1 * (i + 1) }));

describe('rewinding/distance-gap', () => {
  test('correlates the relative distance of each layer at the last epoch with the generalization gap', async () => {
    const { rows, facts } = await run(await writeRuns(five));
    expect(facts).toEqual({ runs: 5 });
    const [conv1, output] = rows.filter(({ measure }) => measure === 'rankCorrelation');
    expect(conv1).toMatchObject({ run: '', layer: 'conv1', layerIndex: 1, runs: 5, note: '', pValue: 2 / 120 });
    expect(conv1!.value).toBeCloseTo(-1, 12);
    expect(output!.value).toBeCloseTo(1 - (6 * 2) / (5 * 24), 12);
    expect(output!.lower).toBeLessThanOrEqual(output!.value!);
    expect(output!.upper).toBeCloseTo(1, 12);
  });

  test('gives the points of each run, named by their coordinates', async () => {
    const { rows } = await run(await writeRuns(five));
    const points = rows.filter(({ run }) => run === 'fraction=0.25, seed=1');
    expect(points.map(({ layer, measure, runs }) => [layer, measure, runs])).toEqual([['(all layers)', 'generalizationGap', 1], ['conv1', 'relativeDistance', 1], ['output', 'relativeDistance', 1]]);
    expect(points[0]!.value).toBeCloseTo(0.2, 12);
    expect(points.slice(1).map(({ value }) => value)).toEqual([0.8, 0.3]);
  });

  test('takes the last epoch that both tables have', async () => {
    const { rows } = await run(await writeRuns(five, { epochs: [0, 6, 9] }));
    expect(rows.find(({ run, measure }) => run !== '' && measure === 'generalizationGap')!.value).toBeCloseTo(0.1, 12);
  });

  test('has no value for fewer than 4 runs, and a layer without distances does not count', async () => {
    const { rows, messages } = await run(await writeRuns(five.slice(0, 3)));
    expect(rows[0]).toMatchObject({ value: null, pValue: null, runs: 3, note: 'A correlation takes at least 4 runs with a distance; there are 3.' });
    expect(messages).toEqual(['There are 3 runs; a correlation takes 4.']);
    expect(rows).toHaveLength(2 + 3 * 3);
  });

  test('says so where all runs are alike', async () => {
    const { rows } = await run(await writeRuns(five.map((run) => ({ ...run, gap: 0.2, distances: { conv1: run.gap < 0.15 ? null : 1, output: run.gap } }))));
    expect(rows[0]).toMatchObject({ layer: 'conv1', value: null, runs: 4, note: 'All runs have the same distance or the same gap.' });
    expect(rows[1]).toMatchObject({ layer: 'output', value: null, runs: 5 });
  });

  test('refuses runs that cannot be told apart or have no history', async () => {
    const { distances, history } = await writeRuns(five);
    await expect(run({ distances, history: history.slice(1) })).rejects.toThrow(/"fraction=1, seed=1" has none\. Those there are: "fraction=0.75, seed=1"/);
    await expect(run({ distances: [...distances, distances[0]], history })).rejects.toThrow(/two of "fraction=0, seed=1"/);
    const late = await writeRuns([{ ...five[0]!, coordinates: { seed: 9 } }], { epochs: [2] });
    await expect(run(late)).rejects.toThrow(/run "seed=9" must have distances, training and test accuracies at one epoch/);
  });
});
