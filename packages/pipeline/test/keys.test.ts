import { cp, mkdir, mkdtemp, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Json } from '@memgeo/artifacts';
import fc from 'fast-check';
import { actionKey, keyFormat } from '../src/keys/action-key.js';
import { digestCode, digestCodeFiles } from '../src/keys/code-digest.js';
import { KnownCodes } from '../src/keys/known-codes.js';
import { StageCodes } from '../src/keys/stage-codes.js';
import { differences } from '../src/planning/differences.js';
import type { Action } from '../src/store/record.js';
import { Store } from '../src/store/store.js';

const action: Action = { stage: 's', version: 1, code: 'c', params: { a: 1, b: { c: [1, 2] } }, inputs: { left: 'x', right: 'y' }, files: { source: 'f' } };

const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);
const someAction: fc.Arbitrary<Action> = fc.record({
  stage: fc.string(), version: fc.nat(), code: fc.string(), params: fc.dictionary(fc.string(), json), inputs: fc.dictionary(fc.string(), fc.string()), files: fc.dictionary(fc.string(), fc.string()),
}) as fc.Arbitrary<Action>;

describe('actionKey()', () => {
  test('tells swapped inputs, types and every field apart, and nothing else', () => {
    const variants: Action[] = [
      action, { ...action, inputs: { left: 'y', right: 'x' } }, { ...action, params: { a: '1', b: { c: [1, 2] } } }, { ...action, params: { a: 1, b: { c: [2, 1] } } },
      { ...action, params: { a: 1 } }, { ...action, code: 'd' }, { ...action, version: 2 }, { ...action, stage: 't' }, { ...action, files: { source: 'g' } }, { ...action, inputs: { left: 'x' } },
    ];
    expect(new Set(variants.map(actionKey)).size).toBe(variants.length);
    expect(actionKey({ ...action, params: { b: { c: [1, 2] }, a: 1 } })).toBe(actionKey(action));
  });

  test('is the same for equal actions, however their keys are ordered and wherever they come from', () => {
    fc.assert(fc.property(someAction, (one) => {
      expect(actionKey(reversed(one) as Action)).toBe(actionKey(one));
      expect(actionKey(JSON.parse(JSON.stringify(one)) as Action)).toBe(actionKey(one));
    }), { seed: 5 });
  });

  test('is the same only for equal actions', () => {
    fc.assert(fc.property(someAction, someAction, (one, other) => {
      expect(actionKey(one) === actionKey(other)).toBe(isDeepStrictEqual(one, other));
    }), { seed: 5 });
    // Neighbors differ in one value, where a careless encoding would let them collide.
    fc.assert(fc.property(someAction, fc.string(), json, json, (one, name, value, other) => {
      const [a, b] = [value, other].map((inner) => ({ ...one, params: { ...one.params, [name]: inner } }) as Action);
      expect(actionKey(a!) === actionKey(b!)).toBe(isDeepStrictEqual(a, b));
    }), { seed: 5 });
  });

  const withValue = (value: Json | undefined) => actionKey({ ...action, params: value === undefined ? {} : { a: value } });

  test('tells 1 from "1", true, [1], null and nothing; 1.0 and 1e0 are 1, and -0 is 0 as the stage sees it', () => {
    const different = [1, '1', true, [1], { 1: 1 }, null, undefined, '', [], {}, 0, false, 'null', 'é', 'e\u0301', [[1]], [1, 1]];
    expect(new Set(different.map(withValue)).size).toBe(different.length);
    expect(withValue(JSON.parse('1.0') as Json)).toBe(withValue(1));
    expect(withValue(JSON.parse('1e0') as Json)).toBe(withValue(1));
    expect(withValue(-0)).toBe(withValue(0));
  });

  test('does not change from version to version of memgeo, unless the format of keys is raised', () => {
    expect([keyFormat, actionKey(action)]).toEqual([2, '39508ad4aa46dc6a65ef7df271e939bb4af0e46d2758fa209269e22e03e99a5c']);
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, reversed(inner)]));
}

describe('differences()', () => {
  const codeFiles = { before: { 'p/src/a.ts': '1', 'p/src/b.ts': '1' }, after: { 'p/src/a.ts': '2', 'p/src/b.ts': '1' } };

  test('names each field that changed, for people and for programs', () => {
    const now: Action = { ...action, code: 'd', params: { a: 2, b: { c: [1, 2], d: 'new' } }, inputs: { left: 'z', right: 'y' }, files: { source: 'g' } };
    expect(differences(action, now, codeFiles).map(({ text }) => text)).toEqual(['code changed: p/src/a.ts', 'with.a 1 -> 2', 'with.b.d nothing -> "new"', 'in.left changed', 'the files of source changed']);
    expect(differences(action, now, codeFiles)[1]).toEqual({ kind: 'param', field: 'with.a', before: 1, after: 2, text: 'with.a 1 -> 2' });
  });

  test('says of a fan-in how many points are new, gone and changed', () => {
    const many = (...contents: [number, string][]): Action => ({ ...action, inputs: { left: contents.map(([epoch, content]) => ({ coordinates: { epoch }, content })) } });
    const [reason] = differences(many([0, 'a'], [1, 'b'], [2, 'c']), many([0, 'a'], [1, 'z'], [3, 'd'], [4, 'e']), codeFiles);
    expect(reason).toMatchObject({ kind: 'input', field: 'in.left', text: 'in.left changed: of 4 points 2 new, 1 gone, 1 changed' });
  });

  test('is never empty for actions of different keys', () => {
    fc.assert(fc.property(someAction, someAction, (one, other) => {
      if (actionKey(one) !== actionKey(other)) expect(differences(one, other, codeFiles).every(({ kind }) => kind !== 'format')).toBe(true);
    }), { seed: 5 });
  });
});

describe('digestCode()', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'memgeo-code-'));
    await mkdir(join(folder, 'a/node_modules/dep'), { recursive: true });
    await writeFile(join(folder, 'a/package.json'), '{ "name": "a", "sideEffects": false }');
    await writeFile(join(folder, 'a/node_modules/dep/package.json'), '{ "name": "dep", "version": "1.0.0" }');
    await writeFile(join(folder, 'a/entry.js'), "import { used } from './lib.js';\nimport { thing } from 'dep';\nexport const run = async () => (await import('./late.js')).late(used(thing));\n");
    await writeFile(join(folder, 'a/lib.js'), 'export function used(x) {\n  return x + 1;\n}\nexport function unused(x) {\n  return x + 2;\n}\n');
    await writeFile(join(folder, 'a/late.js'), "export const late = (x) => new Worker(new URL(x ? './thread.js' : './other.txt', import.meta.url)) ?? x * 3;\n");
    await writeFile(join(folder, 'a/thread.js'), "import { used } from './in-thread.js';\npostMessage(used);\n");
    await writeFile(join(folder, 'a/in-thread.js'), 'export const used = 5; // here\n');
    await writeFile(join(folder, 'a/other.txt'), 'data');
  });
  afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

  const digest = async (at = 'a') => (await digestCode(join(folder, at, 'entry.js'))).digest;
  const change = async (file: string, from: string, to: string) => {
    const text = await readFile(join(folder, 'a', file), 'utf8');
    expect(text).toContain(from);
    await writeFile(join(folder, 'a', file), text.replace(from, to));
  };

  test.each([
    ['an expression in an imported function', 'lib.js', 'x + 1', 'x + 10', true],
    ['an expression in a module loaded late', 'late.js', 'x * 3', 'x * 4', true],
    ['an expression in the code of a thread', 'in-thread.js', '5', '6', true],
    ['data that lies beside the code', 'other.txt', 'data', 'dato', true],
    ['a comment in the code of a thread', 'in-thread.js', '// here', '// there', false],
    ['the version of a package', 'node_modules/dep/package.json', '1.0.0', '1.0.1', true],
    ['a comment', 'lib.js', 'export function used', '// why\n/*! license */\nexport function used', false],
    ['layout', 'lib.js', '  return x + 1;', '\n\n      return x + 1 ;', false],
    ['the name of a local variable', 'lib.js', 'used(x) {\n  return x + 1', 'used(y) {\n  return y + 1', false],
    ['a function that nothing uses', 'lib.js', 'x + 2', 'x + 20', false],
  ])('%s', async (_, file, from, to, isChange) => {
    const before = await digest();
    await change(file, from, to);
    expect((await digest()) !== before).toBe(isChange);
  });

  test('does not depend on a tsconfig.json around the code', async () => {
    const before = await digest();
    await writeFile(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "strict": true, "useDefineForClassFields": false } }');
    expect(await digest()).toBe(before);
  });

  describe('remembered in a store', () => {
    let store: Store;
    beforeEach(async () => { store = await Store.open(join(folder, 'store')); });
    afterEach(() => store.close());

    const entry = () => join(folder, 'a/entry.js');
    const codes = () => new StageCodes({ ids: ['a'], load: () => Promise.reject(new Error('not loaded')), entry }, store.folder);
    const settled = () => sleep(60);
    const remember = async () => {
      const all = codes();
      const { digest: found } = await all.of('a').get();
      await all.keep(store.place);
      return found;
    };

    test('is the same, and known for as long as nothing changes', async () => {
      await settled();
      expect(await remember()).toBe(await digest());
      expect(new KnownCodes(store.folder).get(entry())).toMatchObject({ digest: await digest() });
      expect((await codes().of('a').get()).digest).toBe(await digest());
    });

    test.each<[string, () => Promise<void>]>([
      ['an expression changed, and times were put back', async () => { await change('lib.js', 'x + 1', 'x + 7'); await utimes(join(folder, 'a/lib.js'), 1, 1); }],
      ['the code of a thread changed', () => change('in-thread.js', '5', '6')],
      ['data beside the code changed', () => change('other.txt', 'data', 'dato')],
      ['the version of a package changed', () => change('node_modules/dep/package.json', '1.0.0', '1.0.1')],
      ['another version of a package is the nearest', async () => {
        await rename(join(folder, 'a/node_modules'), join(folder, 'node_modules'));
        await writeFile(join(folder, 'node_modules/dep/package.json'), '{ "name": "dep", "version": "2.0.0" }');
      }],
      ['side effects were declared', () => change('package.json', '"sideEffects": false', '"sideEffects": true')],
      ['a file it names came', async () => { await writeFile(join(folder, 'a/soon.txt'), 'here now'); }],
      ['a file was renamed over another', async () => { await writeFile(join(folder, 'a/new.js'), 'export const used = 9;\n'); await rename(join(folder, 'a/new.js'), join(folder, 'a/in-thread.js')); }],
    ])('counts no more once %s', async (_, alter) => {
      await change('late.js', "'./other.txt'", "'./other.txt' + './soon.txt'");
      await settled();
      await remember();
      await alter();
      expect(new KnownCodes(store.folder).get(entry())).toBeUndefined();
      expect((await codes().of('a').get()).digest).toBe(await digest());
    });

    test('is not kept of files that have only just been written', async () => {
      await change('lib.js', 'x + 1', 'x + 3');
      await remember();
      expect(new KnownCodes(store.folder).get(entry())).toBeUndefined();
    });

    test.each(['', '{', '[1]', '{"ENTRY":null}', '{"ENTRY":{"digest":"sha256:0"}}', '{"ENTRY":{"digest":1,"inputs":[],"found":{},"absent":[]}}'])('counts as unknown if the file holds %j', async (text) => {
      await writeFile(join(store.folder, 'codes.json'), text.replace('ENTRY', entry()));
      expect((await codes().of('a').get()).digest).toBe(await digest());
    });
  });

  test('does not depend on where the code lies', async () => {
    await cp(join(folder, 'a'), join(folder, 'elsewhere/b'), { recursive: true });
    expect(await digest('elsewhere/b')).toBe(await digest());
    expect(Object.keys(await digestCodeFiles((await digestCode(join(folder, 'a/entry.js'))).inputs))).toEqual(['a/entry.ts', 'a/in-thread.ts', 'a/late.ts', 'a/lib.ts', 'a/thread.ts']);
  });
});
