import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until, Workbench, type Outcome } from './workbench.js';

const file = 'pipelines/explain.yaml';
const content = [
  'name: explain', 'params: { rate: 0.01, epochs: [0, 1] }', 'stages:',
  '  data: { uses: dataset/permute, with: { source: glyphs, classes: [A, B, C], trainPerClass: 8, testPerClass: 4, fixedPoints: forbid, seed: 1 } }',
  '  train: { uses: training/train, in: { data: data }, with: { network: { kind: mlp, hidden: [4] }, epochs: 1, batchSize: 12, learningRate: "${params.rate}" } }',
  '  activations: { uses: activations/extract, matrix: { epoch: "${params.epochs}" }, in: { data: data, checkpoint: "train.checkpoints/${matrix.epoch}" }, with: { pointsPerManifold: 2 } }',
  '  spectra: { uses: geometry/spectra, matrix: { epoch: "${params.epochs}" }, in: { activations: "activations[epoch=${matrix.epoch}]" } }', '',
].join('\n');

type Explained = { readonly state: string; readonly causes: readonly { readonly reason: { readonly kind: string; readonly field?: string } }[]; readonly roots: readonly { readonly point: string; readonly text: string }[]; readonly lastTry: { readonly failure: string; readonly workFolder: string } | null };

/** The real command on the built packages. Every test leaves the pipeline as it was, and everything of it cached. */
describe('what happened is explained, in words and for programs', () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await Workbench.create();
    await writeFile(join(bench.folder, file), content);
    await run();
  });
  afterAll(() => bench.remove());

  const run = async (...args: string[]): Promise<Outcome> => {
    const outcome = await bench.memgeo('run', file, '--plain', ...args);
    if (outcome.code !== 0) throw new Error(outcome.stderr);
    return outcome;
  };
  const say = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await bench.memgeo(...args);
    expect([code, stderr.replaceAll(/^warning: .*\n/gm, '')]).toEqual([0, '']);
    return stdout;
  };
  const json = async (...args: string[]) => JSON.parse(await say(...args, '--json')) as { [name: string]: unknown };
  const why = async (name: string, ...args: string[]) => ({ text: await say('why', file, name, ...args), points: (await json('why', file, name, ...args)).points as Explained[] });
  const objectOf = async (name: string) => (await json('show', name)).folder as string;

  test('a cached point: when, by which run and from what it was made', async () => {
    const { text, points } = await why('spectra[epoch=1]');
    expect(text).toMatch(/^spectra\[epoch=1\] \(geometry\/spectra\) is cached\.\n {2}key +[0-9a-f]{12}\n {2}made +.* UTC, in .*\n {2}by run +\S+-explain-\S+\n {2}because +it has not run before\n {2}in\.activations +activations\[epoch=1\]/);
    expect(points).toMatchObject([{ state: 'cached', record: { reasons: [{ kind: 'new' }] }, run: { pipeline: 'explain' } }]);
    expect((await why('spectra')).text).toMatch(/2 points are cached[^]*spectra\[epoch=0\] [^]*spectra\[epoch=1\] /);
  });

  test('a parameter: the field, and through all that waits what begins it', async () => {
    const { text, points } = await why('train', '--set', 'params.rate=0.02');
    expect(text).toMatch(/train \(training\/train\) will run:\n {2}with\.learningRate 0\.01 -> 0\.02\n {2}Compared with what it last stood for: key /);
    expect(points[0]!.causes).toMatchObject([{ reason: { kind: 'param', field: 'with.learningRate', before: 0.01, after: 0.02 } }]);
    const waiting = await why('spectra[epoch=1]', '--set', 'params.rate=0.02');
    expect(waiting.text).toMatch(/will run, unless what it needs comes out as before:\n {2}activations\[epoch=1\] will run first\n {4}because train will run: with\.learningRate 0\.01 -> 0\.02/);
    expect(waiting.points).toMatchObject([{ state: 'waits', roots: [{ point: 'train', text: 'with.learningRate 0.01 -> 0.02' }] }]);
  });

  test('an input: what changed it upstream', async () => {
    await run('--set', 'params.rate=0.02', '--only', 'train');
    const { text, points } = await why('activations[epoch=1]', '--set', 'params.rate=0.02');
    expect(text).toMatch(/will run:\n {2}in\.checkpoint changed\n {4}because train ran again: with\.learningRate 0\.01 -> 0\.02/);
    expect(points).toMatchObject([{ state: 'runs', causes: [{ reason: { kind: 'input', field: 'in.checkpoint' } }], roots: [{ point: 'train' }] }]);
    await run();
  });

  test('code: which file', async () => {
    const code = 'packages/geometry/dist/stages/spectra.js';
    const before = await readFile(join(bench.folder, code), 'utf8');
    await writeFile(join(bench.folder, code), `${before}\nglobalThis.changed = 1;\n`);
    const { text, points } = await why('spectra');
    expect(text).toMatch(/will run:\n {2}code changed: @memgeo\/geometry\/src\/stages\/spectra\.ts\n[^]*The same goes for spectra\[epoch=1\]\./);
    expect(points).toMatchObject(Array(2).fill({ causes: [{ reason: { kind: 'code', field: '@memgeo/geometry/src/stages/spectra.ts' } }] }));
    await writeFile(join(bench.folder, code), before);
  });

  test('the version of a stage', async () => {
    const code = 'packages/geometry/dist/stages/spectra.js';
    const before = await readFile(join(bench.folder, code), 'utf8');
    await bench.edit(code, /version: (\d+)/, 'version: 99');
    const { text, points } = await why('spectra[epoch=0]');
    expect(text).toMatch(/version of geometry\/spectra \d+ -> 99/);
    expect(points[0]!.causes[0]).toMatchObject({ reason: { kind: 'version', after: 99 } });
    await writeFile(join(bench.folder, code), before);
  });

  test('a stored result that is damaged, then gone; show tells, too', async () => {
    const object = await objectOf('spectra[epoch=1]');
    const aside = join(bench.folder, 'aside');
    await cp(object, aside, { recursive: true });
    const table = join(object, 'table.parquet');
    const bytes = await readFile(table);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(table, bytes);
    const damaged = await why('spectra[epoch=1]');
    expect(damaged.text).toMatch(/will run:\n {2}its stored geometry is damaged/);
    expect(damaged.points[0]!.causes).toMatchObject([{ reason: { kind: 'damaged', field: 'geometry' } }]);
    await rm(object, { recursive: true });
    const missing = await why('spectra[epoch=1]');
    expect(missing.text).toMatch(/will run:\n {2}its stored geometry is gone/);
    expect(missing.points[0]!.causes).toMatchObject([{ reason: { kind: 'missing' } }]);
    expect(await say('show', 'spectra[epoch=1]')).toMatch(/content {3}gone from the store\. The next run/);
    await run();
    expect((await why('spectra[epoch=1]')).text).toMatch(/because +its stored geometry is gone/);
  });

  test('force: said of the result afterwards', async () => {
    await run('--force', 'spectra');
    const { text, points } = await why('spectra[epoch=0]');
    expect(text).toMatch(/because +--force/);
    expect(points).toMatchObject([{ state: 'cached', record: { reasons: [{ kind: 'forced' }] } }]);
  });

  test('a failure: how, what it said, and where its work is kept', async () => {
    const code = 'packages/geometry/dist/stages/spectra.js';
    const before = await readFile(join(bench.folder, code), 'utf8');
    await writeFile(join(bench.folder, code), before.replace('run: ', "run: () => { process.stderr.write('the disk is on fire\\n'); process.exit(7); }, walk: "));
    expect((await bench.memgeo('run', file, '--plain', '--only', 'spectra[epoch=0]')).code).toBe(1);
    const { text, points } = await why('spectra[epoch=0]');
    expect(text).toMatch(/its last try failed[^]*Its last try ended without a result \(exit\), [^]*the disk is on fire[^]*Its work is kept in (\S+)/);
    expect(points[0]!.causes.map(({ reason }) => reason.kind)).toContain('failed');
    expect(points[0]!.lastTry).toMatchObject({ failure: 'exit' });
    expect(await readdir(points[0]!.lastTry!.workFolder)).toContain('job.json');
    expect(await say('show', 'latest')).toMatch(/state {5}failed\n[^]*failed {4}spectra\[epoch=0\] \(exit\): /);
    await writeFile(join(bench.folder, code), before);
    await run();
  });

  test('an unknown name: the nearest, and no stack', async () => {
    for (const [args, message] of [
      [['why', file, 'spectre'], /no stage or point "spectre"\. Did you mean "spectra"/], [['lineage', 'spectra[epoch=7]'], /Did you mean "spectra\[epoch=[01]\]"/],
      [['show', 'train.histori'], /it has history, learning, checkpoints/], [['diff', 'nosuch'], /There is no run "nosuch"/], [['show', '2020-01-01T'], /There is no run/],
    ] as const) {
      const { code, stderr } = await bench.memgeo(...args);
      expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
      expect(stderr).not.toMatch(/ at .*:\d+|--verbose/);
    }
    expect(await bench.memgeo('show', 'train', '--store', 'nowhere')).toMatchObject({ code: 2, stderr: expect.stringMatching(/nowhere is empty\. Run a pipeline first/) });
  });

  test('two runs: what differs by itself, what follows, how far tables moved', async () => {
    await run();
    await run('--set', 'params.rate=0.02');
    const text = await say('diff');
    expect(text).toMatch(/What differs by itself \(1 point\):\n {2}train: with\.learningRate 0\.01 -> 0\.02\n2 points differ only because of that:\n {2}activations\[epoch=1\], spectra\[epoch=1\]\n3 points stand for the same action\./);
    expect(text).toMatch(/How far the tables moved:\n {2}train\.history: \d+ of 8 rows differ\n {4}most: (loss|accuracy) /);
    expect(text).toMatch(/--set +none -> params\.rate=0\.02/);
    expect(await json('diff', 'previous', 'latest')).toMatchObject({
      same: ['data', 'activations[epoch=0]', 'spectra[epoch=0]'], onlyBefore: [], onlyAfter: [],
      different: [{ point: 'train', isRoot: true }, { point: 'activations[epoch=1]', isRoot: false, roots: [{ point: 'train' }] }, { point: 'spectra[epoch=1]', isRoot: false }],
    });
    await run();
    expect(await say('diff', '-1', '-1')).toMatch(/All 6 points stand for the same actions/);
  });

  test('lineage: from a table back to the data, and from the data down', async () => {
    const text = await say('lineage', 'spectra[epoch=1]');
    for (const part of ['made by spectra[epoch=1] (geometry/spectra)', 'in.activations: activations[epoch=1].activations/', 'in.checkpoint: train.checkpoints/1 (training/train)', 'in.data: data.examples, data.labels (dataset/permute)', 'files.source ']) expect(text).toContain(part);
    // What was chosen is told, what is the default is not.
    expect(text).toContain('with pointsPerManifold 2');
    expect(text).not.toContain('momentum');
    const path = await objectOf('spectra[epoch=1]');
    expect(await json('lineage', join(path, 'table.parquet'))).toMatchObject({ direction: 'up', actions: expect.arrayContaining([expect.objectContaining({ point: 'data', run: expect.stringMatching(/-explain-/) })]) });
    const down = await json('lineage', 'train.checkpoints/1', '--down');
    expect([...new Set((down.actions as { point: string }[]).map(({ point }) => point))].sort()).toEqual(['activations[epoch=1]', 'spectra[epoch=1]']);
    expect(await say('lineage', 'spectra[epoch=1]', '--down')).toMatch(/Nothing in the store was made from it/);
  });

  test('show: tensors, tables, tensor sets, collections, actions by key and runs', async () => {
    expect(await say('show', 'data.examples')).toMatch(/kind {6}tensor, schema examples@1[^]*shape {5}\(36, /);
    expect(await say('show', 'data.labels')).toMatch(/kind {6}table[^]*rows {6}36\n {2}exampleId {2}split/);
    expect(await say('show', 'train.checkpoints/1')).toMatch(/kind {6}tensor-set/);
    expect(await say('show', 'train.checkpoints')).toMatch(/train\.checkpoints, 2 artifacts[^]*\/0 {2}[0-9a-f]{12}[^]*used by {3}.*activations\[epoch=1\]/);
    const { record } = await json('show', 'train') as { record: { key: string } };
    expect(await say('show', record.key.slice(0, 16))).toMatch(/train \(training\/train\), an action\nkey {7}[0-9a-f]{64}/);
    expect(await json('show', 'latest')).toMatchObject({ kind: 'run', pipeline: 'explain', state: 'done' });
  });

  test('a run that goes on does not keep questions waiting, and one that was killed has died', async () => {
    const child = bench.start('run', file, '--plain', '--only', 'train', '--set', 'stages.train.with.epochs=2000');
    await until(() => /train \| starts/.test(child.output()));
    expect(await say('show', 'latest')).toMatch(/state {5}running: process \d+/);
    expect((await why('data')).points).toMatchObject([{ state: 'cached' }]);
    expect(await say('lineage', 'train.history')).toContain('made by train');
    child.kill('SIGKILL');
    await child.ended;
    expect(await say('show', 'latest')).toMatch(/state {5}died: process \d+ on .* is gone\n[^]*points +.*interrupted/);
    await run();
  });

  test('control characters in names are shown, not obeyed', async () => {
    const folder = join(bench.folder, 'strange');
    await mkdir(folder);
    await cp(await objectOf('data.labels'), join(folder, 'copy\u001b[2J'), { recursive: true });
    const text = await say('show', join('strange', 'copy\u001b[2J'));
    expect(text).toContain('copy\\u001b[2J');
    expect(text).not.toContain('\u001b');
  });

  test('a store that can not be written answers all the same, and nothing is written to any', async () => {
    const store = join(bench.folder, '.memgeo');
    const files = async () => (await readdir(store, { recursive: true })).sort();
    const before = await files();
    await chmod(store, 0o555);
    await say('show', 'latest');
    await say('diff', 'latest', 'previous');
    await say('lineage', 'data', '--down');
    await why('spectra');
    await chmod(store, 0o755);
    expect(await files()).toEqual(before);
  });
});
