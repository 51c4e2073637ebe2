import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PipelineError, pipelineJsonSchema, readPipeline } from '../src/index.js';
import { testCatalog } from './catalog.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-reading-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

async function read(text: string, overrides: string[] = []) {
  const path = join(folder, 'p.yaml');
  await writeFile(path, text);
  return readPipeline(path, { catalog: testCatalog, overrides });
}

const good = `name: good
params: { counts: [2, 3], seed: 5 }
stages:
  made: { uses: test/source, matrix: { count: "\${params.counts}", kind: [a, b] }, with: { count: "\${matrix.count}", names: ["\${matrix.kind}\${params.seed}"] } }
  used: { uses: test/use, matrix: { count: "\${params.counts}" }, in: { left: "made[count=\${matrix.count},kind=a].numbers", right: "made[count=2, kind=b].numbers" } }
  end: { uses: test/gather, in: { many: "used[*]" } }
`;

describe('readPipeline()', () => {
  test('expands matrices, resolves expressions and references, fills in defaults', async () => {
    const { points } = await read(good);
    expect(points.map(({ id }) => id)).toEqual([
      'made[count=2,kind=a]', 'made[count=2,kind=b]', 'made[count=3,kind=a]', 'made[count=3,kind=b]', 'used[count=2]', 'used[count=3]', 'end',
    ]);
    expect(points[3]!.params).toEqual({ count: 3, names: ['b5'], seed: 1 });
    expect(points[5]!.upstream.map(({ id }) => id)).toEqual(['made[count=3,kind=a]', 'made[count=2,kind=b]']);
    expect(points[6]!.inputs.many!.supplies.map(({ coordinates }) => coordinates)).toEqual([{ count: 2 }, { count: 3 }]);
  });

  test('takes overrides as YAML', async () => {
    expect((await read(good, ['params.counts=[2]', 'stages.made.with.seed=9'])).points.map(({ params }) => params)[0]).toEqual({ count: 2, names: ['a5'], seed: 9 });
    await expect(read(good, ['params.count=1'])).rejects.toThrow(/there is no parameter "count"\. Did you mean "counts"\?/);
    await expect(read(good, ['seed=1'])).rejects.toThrow(/--set must be params\.NAME=VALUE/);
  });

  const stage = (line: string) => `name: bad\nstages:\n  a: { uses: test/source }\n  b: ${line}\n`;
  test.each([
    ['{ uses: test/use, in: { left: a } }', undefined],
    ['{ uses: test/use, in: { left: a.numbers, all: a.vectors, one: a.vectors/x, both: a } }', undefined],
    ['{ uses: test/use, in: { left: a.vectors } }', /p\.yaml:4: stages\.b\.in\.left: "a\.vectors": the port takes a table of schema numbers@1; "vectors" of test\/source is a tensor of schema vectors@1/],
    ['{ uses: test/use, in: { left: a, one: a.vectors } }', /is a collection\. Name a member: a\.vectors\/MEMBER/],
    ['{ uses: test/use, in: { left: a, all: a.vectors/x } }', /the port takes a collection, and this is one artifact/],
    ['{ uses: test/use, in: { left: a.numbers/x } }', /has no members/],
    ['{ uses: test/use, in: { left: a, both: a.numbers } }', /Write "a"/],
    ['{ uses: test/use, in: { left: c } }', /there is no stage "c"\. Did you mean "a"\?/],
    ['{ uses: test/use, in: { left: "a b" } }', /"a b": it is no reference/],
    ['{ uses: test/use, in: { left: [a, a] } }', /in\.left\.1: "a" is there twice/],
    ['{ uses: test/use, in: { lft: a } }', /unknown input "lft" of test\/use in stages\.b\.in\. Did you mean "left"\?/],
    ['{ uses: test/use, in: { left: "a[*]" } }', undefined],
    ['{ uses: test/use, in: { left: "a[x=1]" } }', /a has no axis "x"\. There are none/],
    ['{ uses: test/use, in: { left: a }, with: { power: high } }', /stages\.b\.with\.power: .*expected number.*got "high"/],
    ['{ uses: test/use, in: { left: a }, with: { pover: 1 } }', /unknown key "pover" in stages\.b\.with\. Did you mean "power"\?/],
    ['{ uses: test/shape, with: { shape: { kind: circle, width: 2 } } }', /unknown key "width" in stages\.b\.with\.shape\. Did you mean "(radius|kind)"\? Known: kind, radius\./],
    ['{ uses: test/source, matrix: { x: [1, 1] } }', /must not hold a value twice/],
    ['{ uses: test/source, matrix: { x: 3 } }', /stages\.b\.matrix\.x/],
    ['{ uses: test/source, with: { count: "${matrix.x}" } }', /\$\{matrix\.x\} names nothing/],
    ['{ uses: test/source, with: { count: 12 } }', /stages\.b\.with\.count: .*<=9; got 12/],
    ['{ use: test/source }', /uses: .*it is missing|unknown key "use"/],
  ])('%s', async (line, message) => {
    if (message === undefined) await read(stage(line));
    else await expect(read(stage(line))).rejects.toThrow(message);
  });

  test('the error names file, line and key', async () => {
    const error = await read('name: x\nstages:\n  a:\n    uses: test/source\n    with:\n      count: 0\n').catch((cause: unknown) => cause as PipelineError);
    expect(error).toBeInstanceOf(PipelineError);
    expect(error).toMatchObject({ line: 6, key: 'stages.a.with.count', path: join(folder, 'p.yaml') });
    await expect(read('name: x\nstages:\n  a: { uses: test/gather, in: { many: b } }\n  b: { uses: test/gather, in: { many: a } }\n')).rejects.toThrow(/cycle: a -> b -> a/);
    await expect(read('name: x\nname: y\nstages: {}\n')).rejects.toThrow(/p\.yaml:2: the key "name" is there twice/);
    await expect(read('name: x\nstages: { a: { uses: *nope } }\n')).rejects.toThrow(/p\.yaml:2: the alias \*nope stands for nothing/);
    await expect(read(good, ['params.seed.x=1'])).rejects.toThrow(/--set params\.seed\.x=1 can't be set/);
    await expect(read('name: x\nstages:\n  a: { uses: test/use, in: { left: constructor.numbers } }\n')).rejects.toThrow(/there is no stage "constructor"/);
    await expect(read('')).rejects.toThrow(/p\.yaml/);
  });
});

test('pipelineJsonSchema() knows the parameters of each stage', async () => {
  const schema = JSON.stringify(pipelineJsonSchema(await Promise.all(testCatalog.ids.map((id) => testCatalog.load(id)))));
  expect(schema).toContain('"const":"test/source"');
  expect(schema).toContain('"count"');
});
