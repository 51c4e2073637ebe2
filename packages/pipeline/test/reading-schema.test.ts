import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { pipelineJsonSchema } from '../src/index.js';
import { testCatalog } from './catalog.js';

type Node = { [key: string]: unknown };

const schema = pipelineJsonSchema(await Promise.all(testCatalog.ids.map((id) => testCatalog.load(id))));
const fits = (stage: string): boolean => z.fromJSONSchema(schema as never).safeParse(parse(`name: x\nstages:\n  a: ${stage}\n`)).success;

describe('pipelineJsonSchema()', () => {
  test.each([
    '{ uses: test/source }',
    '{ uses: test/source, with: { count: 3, names: [a, "${params.b}"] } }',
    '{ uses: test/source, with: { count: "${params.n}", names: "${params.names}" } }',
    '{ uses: test/use, in: { left: a } }',
    '{ uses: test/gather, in: { many: ["a[*]", "b[x>=2]"] } }',
    '{ uses: test/source, matrix: { x: [1, a, true], y: "${params.y}" }, zip: { z: [1, 2] }, include: [{ x: 1 }], exclude: "${params.e}" }',
    '{ uses: test/source, timeout: 5 min, retry: 2, resources: { threads: 2, memory: 4 GiB, accelerators: 1 } }',
    '{ uses: test/source, timeout: 5, retry: { out-of-memory: 1 } }',
    '{ uses: "exec:./a.sh", with: { any: [json, { a: null }] }, in: { anything: "a[*]" }, formats: { anything: csv }, watch: [./lib], env: { A: "1" }, outputs: { o: { kind: table, schema: o@1, format: csv, columns: { c: int32? } } } }',
  ])('takes %s', (stage) => {
    expect(fits(stage)).toBe(true);
  });

  test.each([
    '{ uses: test/sauce }',
    '{ use: test/source }',
    '{ uses: test/source, wiht: {} }',
    '{ uses: test/source, with: { cuont: 3 } }',
    '{ uses: test/source, with: { count: three } }',
    '{ uses: test/source, with: { count: 12 } }',
    '{ uses: test/source, with: { names: [1] } }',
    '{ uses: test/use }',
    '{ uses: test/use, in: { lft: a } }',
    '{ uses: test/source, matirx: { x: [1] } }',
    '{ uses: test/source, matrix: { x: 1 } }',
    '{ uses: test/source, include: [[1]] }',
    '{ uses: test/source, retry: { out-of-memmory: 1 } }',
    '{ uses: test/source, resources: { memry: 1 } }',
    '{ uses: test/source, outputs: { o: { kind: table, schema: o@1 } } }',
    '{ uses: "exec:./a.sh" }',
    '{ uses: "exec:./a.sh", outputs: { o: { kind: chair, schema: o@1 } } }',
    '{ uses: "exec:./a.sh", outputs: { o: { kind: table, schema: o@1, colums: {} } } }',
  ])('refuses %s', (stage) => {
    expect(fits(stage)).toBe(false);
  });

  test('every key is described, and no reference leads outside', () => {
    const text = JSON.stringify(schema);
    expect(text).not.toContain('$ref');
    const variants = (((schema.properties as Node).stages as Node).additionalProperties as { anyOf: { properties: { [key: string]: { description?: string } } }[] }).anyOf;
    expect(variants).toHaveLength(testCatalog.ids.length + 1);
    for (const { properties } of variants) for (const [key, value] of Object.entries(properties)) if (key !== 'in' || properties.outputs) expect([key, value.description]).toEqual([key, expect.any(String)]);
    expect(Object.keys(variants.at(-1)!.properties).sort()).toEqual(['env', 'exclude', 'formats', 'in', 'include', 'matrix', 'outputs', 'resources', 'retry', 'timeout', 'uses', 'watch', 'with', 'zip']);
  });

  test('the pipelines of the repository have no key that the schema of an entry does not know', async () => {
    const folder = new URL('../../../pipelines/', import.meta.url);
    const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml'));
    expect(files.length).toBeGreaterThan(5);
    const stagesOf = async (file: string) => Object.values((parse(await readFile(new URL(file, folder), 'utf8')) as { stages: { [name: string]: { uses: string; with?: object; in?: object } } }).stages);
    for (const file of files) {
      for (const { with: _with, in: inputs = {}, ...entry } of await stagesOf(file)) {
        const stage = { ...entry, uses: 'exec:true', in: inputs, outputs: { o: { kind: 'table', schema: 'o@1' } } };
        expect([file, fits(JSON.stringify(stage))]).toEqual([file, true]);
        expect([file, fits(JSON.stringify({ ...stage, mattrix: {} }))]).toEqual([file, false]);
      }
    }
  });
});
