import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { actionKey } from '../src/keys/action-key.js';
import { digestCode, digestCodeFiles } from '../src/index.js';
import { differences } from '../src/planning/explain.js';
import type { Action, ActionRecord } from '../src/store/record.js';

const action: Action = { stage: 's', version: 1, code: 'c', params: { a: 1, b: { c: [1, 2] } }, inputs: { left: 'x', right: 'y' }, files: { source: 'f' } };

test('actionKey() tells swapped inputs, types and every field apart, and nothing else', () => {
  const variants: Action[] = [
    action, { ...action, inputs: { left: 'y', right: 'x' } }, { ...action, params: { a: '1', b: { c: [1, 2] } } }, { ...action, params: { a: 1, b: { c: [2, 1] } } },
    { ...action, params: { a: 1 } }, { ...action, code: 'd' }, { ...action, version: 2 }, { ...action, stage: 't' }, { ...action, files: { source: 'g' } }, { ...action, inputs: { left: 'x' } },
  ];
  expect(new Set(variants.map(actionKey)).size).toBe(variants.length);
  expect(actionKey({ ...action, params: { b: { c: [1, 2] }, a: 1 } })).toBe(actionKey(action));
});

test('differences() names each field that changed', () => {
  const record = { action, codeFiles: { 'p/src/a.ts': '1', 'p/src/b.ts': '1' } } as unknown as ActionRecord;
  const now: Action = { ...action, code: 'd', params: { a: 2, b: { c: [1, 2], d: 'new' } }, inputs: { left: 'z', right: 'y' } };
  expect(differences(record, now, { 'p/src/a.ts': '2', 'p/src/b.ts': '1' })).toEqual([
    'code changed: p/src/a.ts', 'with.a 1 -> 2', 'with.b.d nothing -> "new"', 'in.left changed',
  ]);
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
    await writeFile(join(folder, 'a/late.js'), 'export const late = (x) => x * 3;\n');
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

  test('does not depend on where the code lies', async () => {
    await cp(join(folder, 'a'), join(folder, 'elsewhere/b'), { recursive: true });
    expect(await digest('elsewhere/b')).toBe(await digest());
    expect(Object.keys(await digestCodeFiles((await digestCode(join(folder, 'a/entry.js'))).inputs))).toEqual(['a/entry.ts', 'a/late.ts', 'a/lib.ts']);
  });
});
