import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ReadingWorkbench } from './reading-workbench.js';

const bench = new ReadingWorkbench();
const made = '{ uses: test/source, matrix: { x: [1, 2] } }';
const outputs = 'outputs: { sum: { kind: table, schema: numbers@1, format: csv, columns: { layer: string, value: float64? } } }';

beforeAll(async () => {
  await mkdir(join(bench.folder, 'programs', 'lib'), { recursive: true });
  await writeFile(join(bench.folder, 'programs', 'sum.py'), 'print(1)');
  await writeFile(join(bench.folder, 'programs', 'two words.py'), 'print(2)');
  await writeFile(join(bench.folder, 'programs', 'run.sh'), '#!/bin/sh\n');
  await chmod(join(bench.folder, 'programs', 'run.sh'), 0o755);
});

const programOf = async (entry: string) => (await bench.readStages({ made, p: entry })).points.at(-1)!;

describe('uses: exec:', () => {
  test('the words that are files are absolute paths and code, the program itself is looked up when it runs', async () => {
    const { program, stage, params } = await programOf(`{ uses: 'exec:python3 -u ./programs/sum.py "./programs/two words.py" "a  b" x"y z"', watch: [./programs/lib, programs/run.sh], env: { A: "1", B: 2, C: true }, with: { any: [1, { b: null }] }, ${outputs} }`);
    const at = (path: string) => resolve(bench.folder, path);
    expect(program!.declaration.command).toEqual(['python3', '-u', at('programs/sum.py'), at('programs/two words.py'), 'a  b', 'xy z']);
    expect(program!.code).toEqual({ './programs/sum.py': at('programs/sum.py'), './programs/two words.py': at('programs/two words.py'), './programs/lib': at('programs/lib'), 'programs/run.sh': at('programs/run.sh') });
    expect(program!.declaration.env).toEqual({ A: '1', B: '2', C: 'true' });
    expect(params).toEqual({ any: [1, { b: null }] });
    expect(stage).toMatchObject({ id: expect.stringMatching(/^exec:python3 -u/), version: 1, resources: { threads: 1 }, outputs: { sum: { kind: 'table', schema: 'numbers@1' } } });
    expect((await programOf(`{ uses: exec:./programs/run.sh, ${outputs} }`)).program!.declaration.command).toEqual([at('programs/run.sh')]);
  });

  test('its inputs are what the references give', async () => {
    const { stage, inputs } = await programOf(`{ uses: exec:./programs/run.sh, ${outputs}, formats: { one: csv, listed: csv }, in: {
      one: "made[x=1].numbers", all: "made[*].numbers", listed: ["made[x=1].numbers"], some: "made[x>1].numbers", collection: "made[x=1].vectors", member: "made[x=1].vectors/a" } }`);
    expect(Object.fromEntries(Object.entries(stage.inputs).map(([name, port]) => [name, [port.form, 'schema' in port && port.schema, port.isMany]]))).toEqual({
      one: ['artifact', 'numbers@1', false], all: ['artifact', 'numbers@1', true], listed: ['artifact', 'numbers@1', true], some: ['artifact', 'numbers@1', true],
      collection: ['collection', 'vectors@1', false], member: ['artifact', 'vectors@1', false],
    });
    expect(Object.values(inputs).map(({ supplies }) => supplies.length)).toEqual([1, 2, 1, 1, 1, 1]);
  });

  test('an installed stage takes its output if kind and schema are right', async () => {
    const { points } = await bench.readStages({ made, p: `{ uses: exec:./programs/run.sh, matrix: { x: [1, 2] }, in: { one: "made[x=\${matrix.x}].numbers" }, env: { X: "x is \${matrix.x}" }, ${outputs} }`, end: '{ uses: test/gather, in: { many: "p[*]" } }' });
    expect(points.at(-1)!.upstream.map(({ id, program }) => [id, program!.declaration.env])).toEqual([['p[x=1]', { X: 'x is 1' }], ['p[x=2]', { X: 'x is 2' }]]);
    expect(await bench.wrong(bench.readStages({ p: `{ uses: exec:./programs/run.sh, ${outputs.replace('numbers@1', 'other@1')} }`, end: '{ uses: test/gather, in: { many: p } }' })))
      .toMatch(/the port takes a table of schema numbers@1; "sum" of exec:\.\/programs\/run\.sh is a table of schema other@1/);
  });

  test.each([
    [`{ uses: "exec:", ${outputs} }`, /^5: stages\.p\.uses: a command line must name a program, as in exec:python3 \.\/summary\.py; got "exec:"\.$/],
    [`{ uses: exec:python3 ./programs/none.py, ${outputs} }`, /stages\.p\.uses: there is no file "\.\/programs\/none\.py" \(.*\)\. Correct the path; it is relative to the pipeline file/],
    [`{ uses: exec:./programs/sum.py, ${outputs} }`, /is not executable\. Run chmod \+x \.\/programs\/sum\.py, or name the program that reads it, as in exec:python3 \.\/programs\/sum\.py/],
    [`{ uses: exec:./programs/lib, ${outputs} }`, /"\.\/programs\/lib" must be a file/],
    [`{ uses: exec:python3 /dev/null ./../../../../../../dev/null, ${outputs} }`, /there is no file|must be a file or a folder/],
    [`{ uses: 'exec:a "" b', ${outputs} }`, /a command line must not hold an empty word/],
    [`{ uses: 'exec:a "b', ${outputs} }`, /a command line has a double quote that is not closed/],
    [`{ uses: 'exec:a | b', ${outputs} }`, /is not run by a shell, so "\|" means nothing/],
    [`{ uses: 'exec:a > b', ${outputs} }`, /so ">" means nothing/],
    [`{ uses: "exec:a \${params.x}", ${outputs} }`, /a command can't hold expressions/],
    [`{ uses: exec:a, watch: [./none], ${outputs} }`, /stages\.p\.watch\.0: there is no file "\.\/none"/],
    ['{ uses: exec:a }', /stages\.p: a program must declare what it writes/],
    ['{ uses: exec:a, outputs: {} }', /stages\.p\.outputs: a program must declare what it writes/],
    [`{ uses: exec:a, ${outputs}, formats: { nope: csv } }`, /unknown input "nope" in stages\.p\.formats\. There are none/],
    [`{ uses: exec:a, ${outputs}, formats: { one: csv }, in: { one: "made[x=1].vectors/a" } }`, /stages\.p\.formats\.one: only a table can be read as csv; "one" is a tensor/],
    [`{ uses: exec:a, ${outputs}, formats: { one: npy }, in: { one: "made[x=1].numbers" } }`, /only a tensor can be read as npy; "one" is a table/],
    [`{ uses: exec:a, ${outputs}, in: { one: "made[x=1]" } }`, /test\/source has several outputs\. Write made\.numbers or made\.vectors/],
    [`{ uses: exec:a, ${outputs}, in: { one: ["made[x=1].numbers", "made[x=1].vectors"] } }`, /all references of an input must be of one kind and schema; got a table of schema numbers@1 and a collection of tensor of schema vectors@1/],
    [`{ uses: exec:a, ${outputs}, in: { one: "made[x=1].constructor" } }`, /test\/source has no output "constructor"/],
    [`{ uses: exec:a, ${outputs}, env: { MEMGEO_X: "1" } }`, /stages\.p\.env\.MEMGEO_X: variables that begin with MEMGEO_ are the runner's own/],
    [`{ uses: exec:a, ${outputs}, env: { "A=B": "1" } }`, /the name "A=B" must be the name of an environment variable/],
    [`{ uses: exec:a, ${outputs}, env: { A: "\${params.x}" } }`, /stages\.p\.env\.A: \$\{params\.x\} names nothing/],
    ['{ uses: exec:a, outputs: { o: { kind: table, schema: o@1, format: csv } } }', /stages\.p\.outputs\.o: format csv needs columns/],
    ['{ uses: exec:a, outputs: { o: { kind: tensor, schema: o@1, format: csv, columns: { a: int32 } } } }', /stages\.p\.outputs\.o: format csv must be of kind table; got tensor/],
    ['{ uses: exec:a, outputs: { o: { kind: folder, schema: o@1, columns: { a: int32 } } } }', /stages\.p\.outputs\.o: columns belong to format csv; got format artifact/],
    ['{ uses: exec:a, outputs: { o: { kind: table, schema: o, format: artifact } } }', /stages\.p\.outputs\.o\.schema: must be a name and a version, as in summary@1; got "o"/],
    ['{ uses: exec:a, outputs: { o: { kind: table, shema: o@1 } } }', /stages\.p\.outputs\.o/],
    ['{ uses: exec:a, outputs: { "../o": { kind: table, schema: o@1 } } }', /stages\.p\.outputs: the name "\.\.\/o" must begin with a letter/],
    [`{ uses: exec:a, ${outputs}, in: { "../o": "made[x=1].numbers" } }`, /stages\.p\.in: the name "\.\.\/o" must begin with a letter/],
    [`{ uses: test/source, ${outputs} }`, /stages\.p\.outputs: only a program \(uses: exec:\.\.\.\) takes "outputs"; test\/source is an installed stage, which declares what it needs/],
    ['{ uses: test/source, env: { A: "1" } }', /stages\.p\.env: only a program/],
    ['{ uses: exce:./programs/run.sh }', /there is no stage "exce:\.\/programs\/run\.sh" installed.* A program of yours is written exec:COMMAND/],
  ])('%s', async (entry, message) => {
    expect(await bench.wrong(programOf(entry))).toMatch(message);
  });
});
