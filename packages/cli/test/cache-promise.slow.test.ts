import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { labelsTable, readTable, readTensor, writeTensorFile } from '@memgeo/artifacts';
import { Workbench } from './workbench.js';

const geometry = ['geometry[epoch=0]', 'geometry[epoch=3]'];
const all = ['data', 'train', 'activations[epoch=0]', 'activations[epoch=3]', ...geometry, 'gradients[epoch=0]', 'gradients[epoch=3]', 'rewinding', 'claims', 'report'];

/** The real command on the built packages; each test starts and ends with everything cached. */
describe('memgeo run runs what a change touched, and nothing else', () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await Workbench.create();
    const first = await bench.run();
    expect(first.stderr).toBe('');
    expect([...first.ran].sort()).toEqual([...all].sort());
  });
  afterAll(() => bench.remove());

  const expectAllCached = async () => {
    const { ran, cached } = await bench.run();
    expect([ran, [...cached].sort()]).toEqual([[], [...all].sort()]);
  };

  test('a second run runs nothing, and reports the same', async () => {
    const before = await readFile(join(bench.folder, 'results/smoke/report/index.html'));
    await expectAllCached();
    expect(await readFile(join(bench.folder, 'results/smoke/report/index.html'))).toEqual(before);
  });

  test('a constant of the geometry package: geometry and perhaps the report, never training', async () => {
    const file = 'packages/geometry/dist/mftma/manifold-statistics.js';
    await bench.edit(file, '1e-12', '2e-12');
    const { ran, reasons } = await bench.run();
    expect(ran.filter((point) => point !== 'report').sort()).toEqual(geometry);
    expect(reasons['geometry[epoch=0]']).toMatch(/^code changed: @memgeo\/geometry\/src\/mftma\/manifold-statistics\.ts$/);
    await bench.edit(file, '2e-12', '1e-12');
    await expectAllCached();
  });

  test('a constant that moves the results: geometry, claims and report', async () => {
    const file = 'packages/geometry/dist/mftma/manifold-statistics.js';
    await bench.edit(file, 'const radius = Math.sqrt(variance.value)', 'const radius = 2 * Math.sqrt(variance.value)');
    expect([...(await bench.run()).ran].sort()).toEqual(['claims', ...geometry, 'report']);
    await bench.edit(file, 'const radius = 2 * Math.sqrt(variance.value)', 'const radius = Math.sqrt(variance.value)');
    await expectAllCached();
  });

  test('a comment: nothing', async () => {
    const file = 'packages/geometry/dist/mftma/manifold-statistics.js';
    const text = await readFile(join(bench.folder, file), 'utf8');
    await writeFile(join(bench.folder, file), `// A remark.\n${text}\n/* Another. */\n`);
    await expectAllCached();
    await writeFile(join(bench.folder, file), text);
  });

  test('a default written out: nothing', async () => {
    await bench.edit('pipelines/smoke.yaml', 'gaussianVectors: 20, restarts: 2', 'gaussianVectors: 20, restarts: 2, margin: 0, lowRank: optimal');
    await expectAllCached();
    await bench.edit('pipelines/smoke.yaml', ', margin: 0, lowRank: optimal', '');
  });

  test('the learning rate: training and all after it, with the reason', async () => {
    const { ran, cached, reasons } = await bench.run('--set', 'stages.train.with.learningRate=0.02');
    expect(cached).toContain('data');
    expect(ran).toEqual(expect.arrayContaining(['train', 'activations[epoch=3]', 'geometry[epoch=3]', 'report']));
    expect(reasons.train).toBe('with.learningRate 0.01 -> 0.02');
    // The untrained network is the same, so the wave stops behind it.
    expect(cached).toEqual(expect.arrayContaining(['activations[epoch=0]', 'geometry[epoch=0]']));
    await expectAllCached();
  });

  test("the report's title: the report", async () => {
    const { ran, reasons } = await bench.run('--set', 'stages.report.with.title=Another');
    expect(ran).toEqual(['report']);
    expect(reasons.report).toBe('with.title "A smoke test" -> "Another"');
    expect(await readFile(join(bench.folder, 'results/smoke/report/index.html'), 'utf8')).toContain('Another');
    await expectAllCached();
  });

  test('another epoch in the list, at its front: only the new points, claims and the report', async () => {
    const { ran } = await bench.run('--set', 'params.analyzedEpochs=[2, 0, 3]');
    expect([...ran].sort()).toEqual(['activations[epoch=2]', 'claims', 'geometry[epoch=2]', 'gradients[epoch=2]', 'report']);
    // The order of the list alone changes nothing.
    expect((await bench.run('--set', 'params.analyzedEpochs=[3, 2, 0]')).ran).toEqual([]);
  });

  test('another group of geometry measures: its points and the report', async () => {
    const file = 'pipelines/smoke.yaml';
    const spectra = '  spectra:\n    uses: geometry/spectra\n    matrix: { epoch: "${params.analyzedEpochs}" }\n    in: { activations: "activations[epoch=${matrix.epoch}]" }\n\n';
    await bench.edit(file, '  report:\n', `${spectra}  report:\n`);
    const [drawn, drawnToo] = ['geometry: "geometry[*]", rewinding: rewinding.rewinding, distances', 'geometry: ["geometry[*]", "spectra[*]"], rewinding: rewinding.rewinding, distances'];
    await bench.edit(file, drawn, drawnToo);
    expect([...(await bench.run()).ran].sort()).toEqual(['report', 'spectra[epoch=0]', 'spectra[epoch=3]']);
    expect(await readFile(join(bench.folder, 'results/smoke/report/index.html'), 'utf8')).toContain('RankMe');
    await bench.edit(file, spectra, '');
    await bench.edit(file, drawnToo, drawn);
    await expectAllCached();
  });

  const objects = async (kind: string) => {
    const folder = join(bench.folder, '.memgeo/objects');
    const found: string[] = [];
    for (const name of await readdir(folder)) {
      const manifest = JSON.parse(await readFile(join(folder, name, 'artifact.json'), 'utf8')) as { schema: string };
      if (manifest.schema === kind) found.push(join(folder, name));
    }
    return found;
  };

  test('a deleted object: a miss, not an error', async () => {
    for (const path of await objects('geometry@2')) await rm(path, { recursive: true });
    const { ran, code, reasons } = await bench.run();
    expect([code, [...ran].sort()]).toEqual([0, ['geometry[epoch=0]', 'geometry[epoch=3]']]);
    expect(reasons['geometry[epoch=0]']).toBe('its stored geometry is gone');
    await expectAllCached();
  });

  test('a byte changed in a stored object: a miss with a warning, and the object goes to quarantine', async () => {
    const [path] = await objects('history@1');
    const file = join(path!, 'table.parquet');
    const bytes = await readFile(file);
    bytes[40]! ^= 1;
    await writeFile(file, bytes);
    const { ran, code, messages, reasons } = await bench.run();
    expect(code).toBe(0);
    expect(ran).toEqual(['train']);
    expect(reasons.train).toBe('its stored history is damaged');
    expect(messages).toContainEqual(expect.stringMatching(/train \| warning: A stored result is damaged and will be made again: .*has changed since it was written.*quarantine/));
    await expectAllCached();
  });

  test('a store emptied of its objects: everything is made again', async () => {
    await rm(join(bench.folder, '.memgeo/objects'), { recursive: true });
    expect([...(await bench.run()).ran].sort()).toEqual([...all].sort());
  });

  test('an input that git ignores and that changes: noticed', async () => {
    await writeFile(join(bench.folder, '.gitignore'), 'mine/\n');
    await bench.memgeo('stage', 'run', 'dataset/permute', '--with', 'source=fashion-mnist', '--with', 'trainPerClass=6', '--with', 'testPerClass=3', '--out', 'made');
    const examples = await readTensor(join(bench.folder, 'made/examples'), { schema: 'examples@1' });
    const labels = await readTable(join(bench.folder, 'made/labels'), labelsTable);
    const write = (shift: number) => rm(join(bench.folder, 'mine.arrow'), { force: true }).then(() => writeTensorFile(join(bench.folder, 'mine.arrow'), {
      data: examples.data.map((value) => value ^ shift), shape: examples.shape, metadata: examples.metadata,
      rows: { label: Int32Array.from(labels, (row) => row.trueLabel), split: labels.map((row) => row.split) },
    }));
    await write(0);
    await writeFile(join(bench.folder, '.gitignore'), 'mine.arrow\n');
    await writeFile(join(bench.folder, 'pipelines/mine.yaml'), 'name: mine\nstages:\n  data: { uses: dataset/permute, with: { source: { format: tensor, path: ../mine.arrow }, seed: 3 } }\n');
    const ran = async () => (await bench.memgeo('run', 'pipelines/mine.yaml', '--plain')).stdout;
    expect(await ran()).toMatch(/data \| ran in/);
    const { mtime } = await stat(join(bench.folder, 'mine.arrow'));
    expect(await ran()).toMatch(/data \| cached/);
    await write(1);
    await utimes(join(bench.folder, 'mine.arrow'), mtime, mtime);
    expect(await ran()).toMatch(/data \| starts: the files of source changed/);
  });

  test('two stages whose inputs are swapped get each other\'s results, and run nothing', async () => {
    const two = (first: string, second: string) => [
      'name: swap', 'stages:',
      '  a: { uses: dataset/permute, with: { source: glyphs, classes: [A, B, C], trainPerClass: 8, testPerClass: 4, fixedPoints: forbid, seed: 1 } }',
      '  b: { uses: dataset/permute, with: { source: glyphs, classes: [A, B, C], trainPerClass: 8, testPerClass: 4, fixedPoints: forbid, seed: 2 } }',
      '  t: { uses: training/train, in: { data: a }, with: { network: { kind: mlp, hidden: [4] }, epochs: 1, batchSize: 12 } }',
      `  x: { uses: activations/extract, in: { data: ${first}, checkpoint: t.checkpoints/1 }, with: { pointsPerManifold: 2 } }`,
      `  y: { uses: activations/extract, in: { data: ${second}, checkpoint: t.checkpoints/1 }, with: { pointsPerManifold: 2 } }`, '',
    ].join('\n');
    const keys = async () => {
      const { points } = JSON.parse((await bench.memgeo('plan', 'pipelines/swap.yaml', '--json')).stdout) as { points: { point: string; key: string }[] };
      return ['x', 'y'].map((name) => points.find(({ point }) => point === name)!.key);
    };
    await writeFile(join(bench.folder, 'pipelines/swap.yaml'), two('a', 'b'));
    await bench.memgeo('run', 'pipelines/swap.yaml', '--plain');
    const [x, y] = await keys();
    expect(x).not.toBe(y);
    await writeFile(join(bench.folder, 'pipelines/swap.yaml'), two('b', 'a'));
    const { stdout } = await bench.memgeo('run', 'pipelines/swap.yaml', '--plain');
    expect(stdout).not.toMatch(/ran in/);
    expect(await keys()).toEqual([y, x]);
  });
});
