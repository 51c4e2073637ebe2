import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { artifactOf, compareRuns, Executions, findArtifact, findRun, HistoryError, lineageDown, lineageUp, nameOfMade, RecordIndex, runsNewestFirst, Store, type ActionRecord, type Found, type Lineage } from '../src/index.js';
import { digestOf, HistoryWorkbench } from './history-workbench.js';

let bench: HistoryWorkbench;
beforeEach(async () => { bench = await HistoryWorkbench.create(); });
afterEach(() => bench.remove());

/** Reads as a command does: without writing. */
const reading = () => { const store = Store.openForReading(bench.store.folder); return { store, index: new RecordIndex(store), executions: new Executions(runsNewestFirst(store)) }; };
const find = (name: string) => findArtifact(name, reading());
const digestIn = (record: ActionRecord, output: string, member?: string) => { const content = record.outputs[output]!; return 'digest' in content ? content.digest : content.members[member!]!; };
const nameOf = (found: Found) => (found.kind === 'artifact' ? nameOfMade(found.made!) : found.kind === 'collection' ? `all of ${found.record.point}.${found.output}` : `action ${found.record.point}`);

/** data -> train -> three points of geometry -> report. */
async function chain(learningRate = 0.01) {
  const data = await bench.act('data', { examples: { digest: await bench.table({ x: 1 }) } });
  const train = await bench.act('train', { history: { digest: await bench.table({ loss: learningRate, accuracy: 0.5 }) }, checkpoints: { members: { 0: await bench.table({ w: 0 }), 4: await bench.table({ w: learningRate }) } } },
    { params: { learningRate }, inputs: { data: { examples: digestIn(data, 'examples') } }, upstream: [data] });
  const geometry = [];
  for (const epoch of [0, 4]) geometry.push(await bench.act(`geometry[epoch=${epoch}]`, { geometry: { digest: await bench.table({ capacity: epoch === 0 ? 1 : 1 + learningRate, radius: 2 }) } }, { inputs: { checkpoint: digestIn(train, 'checkpoints', String(epoch)) }, upstream: [train] }));
  const report = await bench.act('report', { report: { digest: await bench.table({ report: learningRate }) } }, {
    inputs: { geometry: geometry.map((record, i) => ({ coordinates: { epoch: 4 * i }, content: digestIn(record, 'geometry') })), history: digestIn(train, 'history') }, upstream: [...geometry, train],
  });
  const points = { data, train, 'geometry[epoch=0]': geometry[0]!, 'geometry[epoch=4]': geometry[1]!, report };
  return { ...points, points, run: await bench.run('smoke', points, { git: { commit: 'c0ffee', diff: null } }) };
}

describe('findArtifact()', () => {
  test('finds a point, an output, a member, a digest and a key', async () => {
    const { train, report } = await chain();
    expect(['report', 'smoke:report', 'train', 'train.history', 'train.checkpoints', 'train.checkpoints/4', 'geometry[epoch=4]', 'geometry[ epoch = 4 ].geometry'].map((name) => nameOf(find(name))))
      .toEqual(['report', 'report', 'action train', 'train.history', 'all of train.checkpoints', 'train.checkpoints/4', 'geometry[epoch=4]', 'geometry[epoch=4]']);
    expect(nameOf(find(digestIn(report, 'report')))).toBe('report');
    expect(nameOf(find(digestIn(train, 'checkpoints', '4').slice(7, 19)))).toBe('train.checkpoints/4');
    expect(nameOf(find(train.key.slice(0, 12).toUpperCase()))).toBe('action train');
  });

  test('gives what a point stands for now, not what was made last', async () => {
    const first = await chain(0.01);
    await chain(0.02);
    await bench.run('smoke', Object.fromEntries(Object.entries(first.points).map(([point, record]) => [point, { outcome: 'cached' as const, key: record.key }])));
    await bench.store.rememberDone('smoke', 'train', first.train.key);
    expect(find('train')).toMatchObject({ record: { key: first.train.key } });
  });

  test('gives what a point stood for before its last try failed', async () => {
    const { train } = await chain();
    await bench.store.rememberFailed('smoke', 'train', { key: digestOf('x').slice(7), failure: 'timeout', error: 'slow', workFolder: null });
    expect(find('train')).toMatchObject({ record: { key: train.key } });
  });

  test.each([
    ['geometri[epoch=4]', /no artifact "geometri\[epoch=4\]"\. Did you mean "geometry\[epoch=4\]"\?/],
    ['train.histori', /train has no output "histori"; it has history, checkpoints\. Did you mean "history"\?/],
    ['train.checkpoints/5', /train\.checkpoints has no member "5"; it has 0, 4/],
    ['train.history/5', /train\.history is one artifact, and has no member "5"/],
    ['nosuch:report', /no artifact "nosuch:report"/],
    ['../../etc/passwd', /no artifact/],
    ['geometry[\u001b[2J]', /no artifact/],
    ['ffffffffffffffffffff', /no artifact/],
  ])('says of %j what is wrong', async (name, message) => {
    await chain();
    expect(() => find(name)).toThrow(message);
    expect(() => find(name)).toThrow(HistoryError);
  });

  test('names what a beginning could be if it fits several', async () => {
    for (const end of ['0', '1']) await bench.act(`p${end}`, { out: { digest: `sha256:abcd${end.repeat(60)}` } }, { params: { end } });
    expect(() => find('abcd')).toThrow(/"abcd" is the beginning of 2 names: .*\(p1\).*\. Give more of it\./);
    expect(nameOf(find('abcd0'))).toBe('p0');
  });

  test('says that a store is empty', () => {
    expect(() => find('report')).toThrow(/the store .* is empty\. Run a pipeline first/);
  });
});

describe('lineageUp()', () => {
  const pointsOf = ({ actions }: Lineage) => [...actions.values()].map(({ point }) => point);

  test('goes back to the data, each action once, with the run that executed it', async () => {
    const { report, run } = await chain();
    const lineage = lineageUp(artifactOf(digestIn(report, 'report'), reading().index), reading());
    expect(pointsOf(lineage).sort()).toEqual(['data', 'geometry[epoch=0]', 'geometry[epoch=4]', 'report', 'train']);
    expect(lineage.roots).toEqual([report.key]);
    expect([...lineage.actions.values()].map((action) => [action.run, action.git?.commit])).toEqual(Array(5).fill([run.id, 'c0ffee']));
    expect(lineage.links.map(({ port, label, output, member }) => [port, label, output, member])).toEqual(expect.arrayContaining([['geometry', 'epoch=4', 'geometry', null], ['checkpoint', '', 'checkpoints', '4'], ['data', 'examples', 'examples', null]]));
  });

  test('stops where a record is gone, and says which content came from there', async () => {
    const { report, train } = await chain();
    await rm(bench.store.path('records', `${train.key}.json`));
    const lineage = lineageUp(artifactOf(digestIn(report, 'report'), reading().index), reading());
    expect(pointsOf(lineage)).not.toContain('train');
    expect(lineage.links.filter(({ maker }) => maker === null).map(({ digest }) => digest)).toEqual(expect.arrayContaining([digestIn(train, 'history'), digestIn(train, 'checkpoints', '4')]));
  });

  test('goes on through another action that made the same content', async () => {
    const { report, data } = await chain();
    await rm(bench.store.path('records', `${data.key}.json`));
    const twin = await bench.act('other', { examples: { digest: digestIn(data, 'examples') } }, { params: { other: 1 } });
    expect([...lineageUp(artifactOf(digestIn(report, 'report'), reading().index), reading()).actions.keys()]).toContain(twin.key);
  });
});

describe('lineageDown()', () => {
  test('tells everything that was made from an artifact, and nothing else', async () => {
    const { train } = await chain();
    const from = (name: string) => [...lineageDown(find(name), reading()).actions.values()].map(({ point }) => point).sort();
    expect(from('train.checkpoints/4')).toEqual(['geometry[epoch=4]', 'report']);
    expect(from('train.checkpoints')).toEqual(['geometry[epoch=0]', 'geometry[epoch=4]', 'report']);
    expect(from('data')).toEqual(['geometry[epoch=0]', 'geometry[epoch=4]', 'report', 'train']);
    expect(from('report')).toEqual([]);
    expect(lineageDown(find('train.checkpoints/4'), reading()).links[0]).toMatchObject({ maker: train.key, member: '4', port: 'checkpoint' });
  });
});

describe('compareRuns()', () => {
  const compare = (before: string, after: string) => { const { store } = reading(); return compareRuns(findRun(store, before), findRun(store, after), store); };

  test('tells what differs by itself from what follows, and where the wave stopped', async () => {
    await chain(0.01);
    await chain(0.02);
    const { same, different, onlyBefore, onlyAfter, unknown } = await compare('previous', 'latest');
    expect(same).toEqual(['data', 'geometry[epoch=0]']);
    expect(different.map(({ point, isRoot, roots }) => [point, isRoot, roots.map((root) => `${root.point}: ${root.text}`)])).toEqual([
      ['train', true, ['train: with.learningRate 0.01 -> 0.02']], ['geometry[epoch=4]', false, ['train: with.learningRate 0.01 -> 0.02']], ['report', false, ['train: with.learningRate 0.01 -> 0.02']],
    ]);
    expect([onlyBefore, onlyAfter, unknown]).toEqual([[], [], []]);
  });

  test('compares tables value by value', async () => {
    await chain(0.01);
    await chain(0.02);
    const { different } = await compare('previous', 'latest');
    const { outputs } = different.find(({ point }) => point === 'geometry[epoch=4]')!;
    expect(outputs).toMatchObject([{ output: 'geometry', table: { rows: { before: 2, after: 2, different: 1, onlyBefore: 0, onlyAfter: 0 }, largest: { column: 'value', row: 'name=capacity', before: 1.01, after: 1.02 } } }]);
  });

  test('says it when other actions came to the same outputs', async () => {
    const out = { out: { digest: await bench.table({ x: 1 }) } };
    for (const title of ['a', 'b']) await bench.run('smoke', { report: await bench.act('report', out, { params: { title } }) });
    expect((await compare('previous', 'latest')).different).toMatchObject([{ point: 'report', isRoot: true, hasSameOutputs: true }]);
  });

  test('names points of one run only, and those that did not get as far', async () => {
    const { points, train } = await chain();
    await bench.run('smoke', { train, 'geometry[epoch=4]': { outcome: 'failed', key: digestOf('f').slice(7), failure: 'timeout', error: 'slow' }, report: { outcome: 'skipped', key: null }, extra: points.data });
    const { onlyBefore, onlyAfter, unknown, circumstances } = await compare('previous', 'latest');
    expect([onlyBefore, onlyAfter]).toEqual([['data', 'geometry[epoch=0]'], ['extra']]);
    expect(unknown).toEqual([{ point: 'geometry[epoch=4]', before: 'ran', after: 'failed', why: 'it did not get as far' }, { point: 'report', before: 'ran', after: 'skipped', why: 'it did not get as far' }]);
    expect(circumstances).toContainEqual({ field: 'git commit', before: 'c0ffee', after: null });
  });
});

test('asking writes nothing, and works where nothing can be written', async () => {
  const { report } = await chain(0.01);
  await chain(0.02);
  const before = await bench.files();
  const { index, store, executions } = reading();
  lineageUp(artifactOf(digestIn(report, 'report'), index), { index, executions });
  lineageDown(find('data'), { index, executions });
  await compareRuns(findRun(store, 'previous'), findRun(store, 'latest'), store);
  expect(await bench.files()).toEqual(before);
});
