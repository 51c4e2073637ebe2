import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readPipeline } from '../src/index.js';
import { testCatalog } from './catalog.js';
import { ReadingWorkbench } from './reading-workbench.js';

const bench = new ReadingWorkbench();
const stages = 'stages:\n  a: { uses: test/source }\n';
const laughs = ['a: &a0 [x, x, x, x, x, x, x, x, x, x]', ...Array.from({ length: 12 }, (_, i) => `b${i}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`)];

describe('a pipeline file of a stranger gives an error with its line', () => {
  test.each([
    ['aliases that stand for more than a computer holds', `name: x\nparams:\n${laughs.map((line) => `  ${line}\n`).join('')}${stages}`, /^\d+: a pipeline may hold 1000000 values with its aliases written out/],
    ['an alias that contains itself', `name: x\nparams: { a: &a { b: [*a] } }\n${stages}`, /^2: the alias \*a stands for something that contains it/],
    ['an alias of nothing', `name: x\nparams: { a: *b }\n${stages}`, /^2: the alias \*b stands for nothing/],
    ['merge keys', `name: x\nparams:\n  a: &a { b: 1 }\n  c:\n    <<: *a\n${stages}`, /^5: merge keys \("<<"\) are not taken/],
    ['a tag of JavaScript', `name: x\nparams:\n  a: !!js/function "function () {}"\n${stages}`, /^3: a pipeline holds texts, .*; got the tag "tag:yaml\.org,2002:js\/function"\. Remove it\.$/],
    ['a tag of bytes', `name: x\nparams:\n  a: !!binary aGVsbG8=\n${stages}`, /^3: .*got the tag "tag:yaml\.org,2002:binary"/],
    ['a set', `name: x\nparams:\n  a: !!set { b, c }\n${stages}`, /^3: .*got the tag/],
    ['a local tag', `name: x\nparams: !x { a: 1 }\n${stages}`, /^2: .*got the tag "!x"/],
    ['a key that is there twice', `name: x\n${stages}  b: { uses: test/source }\n  a: { uses: test/source }\n`, /^5: the key "a" is there twice/],
    ['keys that differ by their quotes alone', `name: x\nparams: { a: { 1: x, "1": y } }\n${stages}`, /^2: the key "1" is there twice/],
    ['a key that is a list', `name: x\nparams: { ? [a, b] : 1 }\n${stages}`, /^2: a key must be a text/],
    ['a key that is nothing', `name: x\nparams: { a: { ~: 1 } }\n${stages}`, /^2: a key must be a text/],
    ['__proto__ as a key', `name: x\nparams:\n  a:\n    __proto__: { polluted: true }\n${stages}`, /^4: "__proto__" can't be a key/],
    ['__proto__ as a stage', 'name: x\nstages:\n  __proto__: { uses: test/source }\n', /^3: "__proto__" can't be a key/],
    ['two documents', `name: x\n${stages}---\nname: y\n`, /^4: a pipeline is one document; a second one begins here/],
    ['an older YAML', `%YAML 1.1\n---\nname: x\n${stages}`, /^1: a pipeline is YAML 1\.2; got the directive %YAML 1\.1/],
    ['brackets 10,000 levels deep', `name: x\n${stages}params: { a: ${'['.repeat(10_000)}${']'.repeat(10_000)} }\n`, /^4: a pipeline may be nested 100 levels deep/],
    ['brackets never closed', `name: x\nparams: ${'{a: '.repeat(200_000)}`, /^2: a pipeline may be nested 100 levels deep/],
    ['dashes 100,000 levels deep', `name: x\nparams:\n  a:\n    ${'- '.repeat(100_000)}x\n${stages}`, /^4: a pipeline may be nested 100 levels deep/],
    ['question marks 100,000 levels deep', `? ${'? '.repeat(100_000)}x\n`, /^1: a pipeline may be nested 100 levels deep/],
    ['lines 1,000 levels deep', `${Array.from({ length: 1000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')}\n`, /^\d+: a pipeline may be nested 100 levels deep/],
    ['aliases that nest', `name: x\nparams:\n  a0: &a0 ${'['.repeat(60)}${']'.repeat(60)}\n  a1: ${'['.repeat(60)}*a0${']'.repeat(60)}\n${stages}`, /^4: a pipeline may be nested 100 levels deep|^3: a pipeline may be nested/],
    ['.nan in with', 'name: x\nstages:\n  a:\n    uses: test/source\n    with:\n      count: .nan\n', /^6: a number must be finite; got \.nan\.$/],
    ['-.inf in params', `name: x\nparams:\n  a: [1, -.inf]\n${stages}`, /^3: a number must be finite; got -\.inf\.$/],
    ['a number that overflows', `name: x\nparams: { a: 1e999 }\n${stages}`, /^2: a number must be finite; got 1e999/],
    ['an integer that would be rounded', `name: x\nparams: { seed: 12345678901234567890 }\n${stages}`, /^2: an integer must be at most 9007199254740991 either way, to be held exactly; got 12345678901234567890/],
    ['a tab as indentation', 'name: x\nstages:\n\ta: { uses: test/source }\n', /^3: not valid YAML: Tabs are not allowed as indentation/],
    ['an open quote', `name: "x\n${stages}`, /^\d: not valid YAML: /],
    ['nothing', '', /^1: a pipeline must be a map with the keys name and stages; got nothing\.$/],
    ['a list', '- 1\n', /^1: a pipeline must be a map with the keys name and stages; got \[1\]\.$/],
    ['a name that leaves its folder', `name: ../../x\n${stages}`, /^1: name: must begin with a letter and hold letters \(a to z\), digits, "-" and "_" only; got "\.\.\/\.\.\/x"/],
    ['a name that is not ASCII', 'name: x\nstages:\n  größe: { uses: test/source }\n', /^3: stages: the name "größe" must begin with a letter and hold letters \(a to z\)/],
    ['a name with a look-alike', 'name: pаypal\nstages: {}\n', /^1: name: must begin with a letter and hold letters \(a to z\)/],
    ['a name that Windows keeps', 'name: x\nstages:\n  AUX: { uses: test/source }\n', /^3: stages: the name "AUX" must not be a name that Windows keeps for a device/],
    ['a name of 300 characters', `name: x\nstages:\n  ${'a'.repeat(300)}: { uses: test/source }\n`, /^3: stages: the name "a+\.\.\." must have at most 64 characters/],
    ['a name of a megabyte', `name: ${'é'.repeat(400_000)}\n${stages}`, /^1: name: must begin with a letter.{0,300}$/],
    ['an expression that has no end', `name: x\nstages:\n  a: { uses: test/source, with: { names: ["\${${' '.repeat(200_000)}"] } }\n`, /^3: stages\.a\.with\.names\.0: "\$\{" has no "\}"/],
    ['an expression of the prototype', 'name: x\nstages:\n  a: { uses: test/source, with: { names: ["${constructor.name}", "${params.__proto__}"] } }\n', /\$\{constructor\.name\} names nothing/],
    ['expressions that make a gigabyte', `name: x\nparams: { p: "${'x'.repeat(100_000)}" }\nstages:\n  a: { uses: test/source, with: { names: [${'"a${params.p}",'.repeat(10_000)}] } }\n`, /^4: stages\.a\.with\.names\.\d+: expressions make too much text of this file/],
    ['expressions that share a value a gigabyte large', `name: x\nparams: { p: "${'x'.repeat(100_000)}" }\nstages:\n  a: { uses: test/source, with: { names: [${'"${params.p}",'.repeat(10_000)}] } }\n`, /^4: stages\.a\.with\.names\.\d+: expressions make too much text of this file/],
    ['points with too many inputs', `name: x\nparams: { n: [${Array.from({ length: 5000 }, (_, i) => i)}] }\nstages:\n  a: { uses: test/source, matrix: { x: "\${params.n}" } }\n  b: { uses: test/gather, matrix: { y: "\${params.n}" }, in: { many: "a[*].numbers" } }\n`, /^5: stages\.b\.in\.many: the points of this pipeline would have more than 4000000 inputs together/],
  ])('%s', async (_, text, message) => {
    expect(await bench.wrong(bench.read(text))).toMatch(message);
  });

  test('bytes that are no UTF-8', async () => {
    expect(await bench.wrong(bench.read(Buffer.concat([Buffer.from('name: x\n# ä\ndescription: '), Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from(stages)])))).toMatch(/^3: the pipeline must be UTF-8 text; this line is not/);
    expect(await bench.wrong(bench.read(Buffer.from(`name: x\n${stages}`, 'utf16le')))).toMatch(/^1: /);
    expect((await bench.read(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(`name: x\r\n${stages.replaceAll('\n', '\r\n')}`)]))).points).toHaveLength(1);
  });

  test('what is no file, and files without end', async () => {
    const pipe = join(bench.folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await mkdir(join(bench.folder, 'folder'));
    await writeFile(join(bench.folder, 'large.yaml'), `name: x\n${stages}${'# padding\n'.repeat(120_000)}`);
    const wrong = (path: string) => readPipeline(path, { catalog: testCatalog }).then(() => 'nothing', (cause: Error) => `${cause.name} ${cause.message}`);
    expect(await wrong(join(bench.folder, 'folder'))).toMatch(/^PipelineError .*folder: the pipeline must be a file; this is a folder\. Name a YAML file in it\.$/);
    expect(await wrong(pipe)).toMatch(/must be a file; this is a named pipe/);
    expect(await wrong('/dev/zero')).toMatch(/must be a file; this is a device/);
    expect(await wrong(join(bench.folder, 'none.yaml'))).toMatch(/none\.yaml: the pipeline can't be read: there is no such file\. Correct the path\.$/);
    expect(await wrong(join(bench.folder, 'large.yaml'))).toMatch(/must be at most 1 MiB; this file is larger/);
    expect(await wrong('a\0b')).toMatch(/^PipelineError /);
  });

  test('100,000 keys in one map and a chain of 8,000 stages take no more than seconds', async () => {
    const start = performance.now();
    expect(await bench.wrong(bench.read(`name: x\nparams:\n${Array.from({ length: 100_000 }, (_, i) => `  a${i}:\n`).join('')}  a0:\n${stages}`))).toMatch(/^100003: the key "a0" is there twice/);
    const chain = Array.from({ length: 8000 }, (_, i) => `  s${i}: { uses: test/use, in: { left: s${i + 1} } }\n`).join('');
    expect((await bench.read(`name: x\nstages:\n${chain}  s8000: { uses: test/source }\n`.replace('left: s8000 }', 'left: s8000.numbers }'))).points).toHaveLength(8001);
    expect(await bench.wrong(bench.read(`name: x\nstages:\n${chain}  s8000: { uses: test/use, in: { left: s0 } }\n`))).toMatch(/the stages form a cycle: s0 -> s1 -> .* \(7990 more\) -> .* -> s0/);
    expect(performance.now() - start).toBeLessThan(40_000);
  }, 60_000);
});

describe('names of the language are names like others', () => {
  test.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype'])('%s', async (name) => {
    const { points } = await bench.read(`name: ${name}\nparams: { ${name}: [1, 2] }\nstages:\n  ${name}: { uses: test/source, matrix: { ${name}: "\${params.${name}}" }, with: { seed: "\${matrix.${name}}" } }\n  end: { uses: test/gather, in: { many: "${name}[${name}>=2].numbers" } }\n`);
    expect(points.map(({ id }) => id)).toEqual([`${name}[${name}=1]`, `${name}[${name}=2]`, 'end']);
    expect(points[2]!.upstream).toEqual([points[1]]);
    expect(await bench.wrong(bench.read(`name: x\nstages:\n  a: { uses: ${name} }\n`))).toMatch(new RegExp(`there is no stage "${name}" installed`));
    expect(await bench.wrong(bench.read(`name: x\nstages:\n  a: { uses: test/source }\n  b: { uses: test/use, in: { ${name}: a.numbers } }\n`))).toMatch(new RegExp(`unknown input "${name}"`));
    expect(await bench.wrong(bench.read(`name: x\nstages:\n  a: { uses: test/source }\n  b: { uses: test/use, in: { left: a.${name} } }\n`))).toMatch(new RegExp(`has no output "${name}"`));
    expect(await bench.wrong(bench.read(`name: x\nstages:\n  a: { uses: test/source, with: { ${name}: 1 } }\n`))).toMatch(new RegExp(`unknown key "${name}" in stages.a.with`));
    expect(await bench.wrong(bench.read(`name: x\n${name}: 1\n${stages}`))).toMatch(new RegExp(`unknown key "${name}"`));
  });
});

describe('--set', () => {
  const text = `name: x\nparams: { a: [1, 2], m: { n: 1 } }\nstages:\n  a: { uses: test/source, with: { count: 3, names: [x, y] } }\n`;
  const paramsOf = async (...overrides: string[]) => (await bench.read(text, overrides)).points[0]!.params;

  test('sets parameters and what is inside of them', async () => {
    expect(await paramsOf('stages.a.with.count=5', 'stages.a.with.names.1=z', 'stages.a.with.seed=2')).toEqual({ count: 5, names: ['x', 'z'], seed: 2 });
    await paramsOf('params.m.n=2', 'params.m.o.p=[1, {q: 2}]', 'params.a.0=7', 'params.a=');
  });

  test.each([
    ['stages.a.with.count=.nan', /--set stages\.a\.with\.count=\.nan can't be set: a number must be finite; got \.nan\.$/],
    ['stages.a.with.count=12', /^4: stages\.a\.with\.count: .*got 12\. It was set by --set stages\.a\.with\.count=12\.$/],
    ['stages.a.with.names.2=z', /stages\.a\.with\.names is a list of 2; got the place "2"/],
    ['stages.a.with.count.x=1', /can't be set: stages\.a\.with\.count is no map and no list/],
    ['stages.a.with.__proto__.x=1', /"__proto__" can't be a key/],
    ['params.__proto__.x=1', /there is no parameter "__proto__"\. Did you mean/],
    ['stages.b.with.count=1', /there is no stage "b"\. Did you mean "a"\?/],
    ['stages.a.timeout=1', /--set must be params\.NAME=VALUE or stages\.STAGE\.with\.NAME=VALUE/],
    ['params.a=[', /--set params\.a=\[ can't be set: not valid YAML/],
    ['params.a=*x', /can't be set: the alias \*x stands for nothing/],
    ['params.a', /--set must be/],
    ['=', /--set must be/],
  ])('%s', async (override, message) => {
    expect(await bench.wrong(paramsOf(override))).toMatch(message);
  });
});
