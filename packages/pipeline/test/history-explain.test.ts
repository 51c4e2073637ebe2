import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { explainPoints, PipelineError, readPipeline, Store, type ActionRecord, type Point, type StageCatalog } from '../src/index.js';
import { StageCodes } from '../src/keys/stage-codes.js';
import { ActionMaker } from '../src/planning/action.js';
import { testCatalog } from './catalog.js';
import { HistoryWorkbench } from './history-workbench.js';

const file = `
name: explained
params: { count: 3 }
stages:
  source: { uses: test/source, with: { count: "\${params.count}" } }
  use: { uses: test/use, matrix: { power: [1, 2] }, in: { left: source.numbers }, with: { power: "\${matrix.power}" } }
  gather: { uses: test/gather, in: { many: "use[*]" } }
`;

let bench: HistoryWorkbench;
/** The stages of the test catalog, with code in files that a test may change. */
let catalog: StageCatalog;
beforeEach(async () => {
  bench = await HistoryWorkbench.create();
  await writeFile(join(bench.folder, 'code.js'), "export { part } from './part.js';\n");
  await writeFile(join(bench.folder, 'part.js'), 'export const part = 1;\n');
  catalog = { ...testCatalog, entry: () => join(bench.folder, 'code.js') };
  await writeFile(join(bench.folder, 'p.yaml'), file);
});
afterEach(() => bench.remove());

const read = (...overrides: string[]) => readPipeline(join(bench.folder, 'p.yaml'), { catalog, overrides });

/** Leaves in the store what a run of the pipeline would. Outputs depend on parameters and inputs. */
async function done(name: string, ...overrides: string[]): Promise<Map<string, ActionRecord>> {
  const maker = new ActionMaker(new StageCodes(catalog));
  const records = new Map<Point, ActionRecord>();
  for (const point of (await read(...overrides)).points) {
    const action = await maker.make(point, records);
    const digest = await bench.table({ [JSON.stringify([action.params, action.inputs])]: 1 });
    const outputs = point.stage.id === 'test/source' ? { numbers: { digest }, vectors: { members: {} } } : { numbers: { digest } };
    records.set(point, await bench.act(point.id, outputs, { ...action, upstream: point.upstream.map((upstream) => records.get(upstream)!), reasons: [{ kind: 'new', text: 'it has not run before' }] }));
    await bench.store.keepCodeFiles(action.code, await maker.codeFilesOf(point));
  }
  const byName = new Map([...records].map(([point, record]) => [point.id, record]));
  await bench.run(name, Object.fromEntries(byName));
  return byName;
}

const explain = async (name: string, ...overrides: string[]) => {
  const messages: string[] = [];
  const { explanations } = await explainPoints(await read(...overrides), name, { catalog, store: Store.openForReading(bench.store.folder), onDamage: (message) => messages.push(message) });
  return Object.assign(explanations, { messages });
};
const rootsOf = ({ roots }: { roots: readonly { point: string; text: string }[] }) => roots.map(({ point, text }) => `${point}: ${text}`);

describe('explainPoints()', () => {
  test('of a cached point: its record and the run that made it', async () => {
    const records = await done('explained');
    const [source] = await explain('source');
    expect(source).toMatchObject({ point: 'source', state: 'cached', key: records.get('source')!.key, record: { reasons: [{ kind: 'new' }], durationMs: 1200 }, run: { pipeline: 'explained' }, causes: [], comparedWith: null, lastTry: null });
  });

  test('of a stage: each of its points', async () => {
    await done('explained');
    expect((await explain('use')).map(({ point, state }) => [point, state])).toEqual([['use[power=1]', 'cached'], ['use[power=2]', 'cached']]);
  });

  test('of a changed parameter: the field, compared with what the point last stood for', async () => {
    const records = await done('explained');
    const [source] = await explain('source', 'params.count=4');
    expect(source).toMatchObject({ state: 'runs', causes: [{ reason: { kind: 'param', field: 'with.count', before: 3, after: 4 } }], comparedWith: { how: 'latest', record: { key: records.get('source')!.key } } });
  });

  test('of changed code: the file, and nothing for a comment', async () => {
    await done('explained');
    await writeFile(join(bench.folder, 'part.js'), '// The part.\nexport const part = 1;\n');
    expect((await explain('source'))[0]).toMatchObject({ state: 'cached' });
    await writeFile(join(bench.folder, 'part.js'), 'export const part = 2;\n');
    expect((await explain('source'))[0]).toMatchObject({ state: 'runs', causes: [{ reason: { kind: 'code', field: 'part.js', text: 'code changed: part.js' } }] });
  });

  test('of what waits: what begins it, through all that waits', async () => {
    await done('explained');
    const [gather] = await explain('gather', 'params.count=4');
    expect(gather!.state).toBe('waits');
    expect(rootsOf(gather!)).toEqual(['source: with.count 3 -> 4']);
  });

  test('of a changed input whose maker is done: the chain to the parameter that changed it', async () => {
    await done('explained');
    const changed = await done('explained', 'params.count=4');
    // The pipeline last stood for count=4; everything of count=3 but the source is gone.
    await bench.store.rememberDone('explained', 'source', changed.get('source')!.key);
    const old = await done('other');
    for (const point of ['use[power=1]', 'use[power=2]']) await rm(bench.store.path('records', `${old.get(point)!.key}.json`));
    const [use] = await explain('use[power=1]');
    expect(use).toMatchObject({ state: 'runs', causes: [{ reason: { kind: 'input', field: 'in.left' }, because: [{ kind: 'remade', point: 'source' }] }] });
    expect(rootsOf(use!)).toEqual(['source: with.count 4 -> 3']);
  });

  test('of a point that is new: the nearest action of the stage, and how it differs', async () => {
    await done('another');
    const [source] = await explain('source', 'params.count=5');
    expect(source).toMatchObject({ comparedWith: { how: 'nearest', record: { point: 'source' } }, causes: [{ reason: { kind: 'new' } }, { reason: { kind: 'param', field: 'with.count', before: 3, after: 5 } }] });
  });

  test('of a stored result that is gone, and of one that is damaged, which stays where it is', async () => {
    const source = (await done('explained')).get('source')!;
    const object = bench.store.objects.folder((source.outputs.numbers as { digest: string }).digest);
    const table = join(object, 'table.parquet');
    const bytes = await readFile(table);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(table, bytes);
    const damaged = await explain('source');
    expect(damaged[0]).toMatchObject({ state: 'runs', causes: [{ reason: { kind: 'damaged', field: 'numbers', text: 'its stored numbers is damaged' } }] });
    expect(damaged.messages).toEqual([expect.stringContaining('damaged')]);
    expect(await readFile(table)).toEqual(bytes);
    await rm(object, { recursive: true });
    expect((await explain('source'))[0]).toMatchObject({ state: 'runs', causes: [{ reason: { kind: 'missing', field: 'numbers' } }] });
  });

  test('of a record that is gone', async () => {
    const source = (await done('explained')).get('source')!;
    await rm(bench.store.path('records', `${source.key}.json`));
    expect((await explain('source'))[0]).toMatchObject({ state: 'runs', causes: [{ reason: { kind: 'record' } }] });
  });

  test('of a try that failed: how, with what, and where its work is', async () => {
    const source = (await done('explained')).get('source')!;
    await rm(bench.store.path('records', `${source.key}.json`));
    await bench.store.rememberFailed('explained', 'source', { key: source.key, failure: 'out-of-memory', error: 'Too large.\nby far', workFolder: '/kept' });
    expect((await explain('source'))[0]).toMatchObject({ lastTry: { isSame: true, failure: 'out-of-memory', workFolder: '/kept' } });
    expect((await explain('source'))[0]!.causes.map(({ reason }) => reason.kind)).toContain('failed');
    expect((await explain('source', 'params.count=4'))[0]).toMatchObject({ lastTry: { isSame: false } });
  });

  test('names the nearest stage', async () => {
    await expect(explain('sourse')).rejects.toThrow(/no stage or point "sourse".*Did you mean "source"/);
    await expect(explain('sourse')).rejects.toThrow(PipelineError);
  });

  test('writes nothing, and a store that is not there is empty', async () => {
    await done('explained');
    const before = await bench.files();
    await explain('gather', 'params.count=4');
    expect(await bench.files()).toEqual(before);
    const { explanations } = await explainPoints(await read(), 'source', { catalog, store: Store.openForReading(join(bench.folder, 'nowhere')) });
    expect(explanations).toMatchObject([{ state: 'runs', causes: [{ reason: { kind: 'new' } }], comparedWith: null }]);
  });
});
