import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { pipelineJsonSchema, readPipeline, type StageCatalog } from '@memgeo/pipeline';
import type { AnyStage } from '@memgeo/stage';
import { z } from 'zod';

const root = new URL('../../', import.meta.url);
// The YAML library that pipelines are read with; another version lies at the root.
const { parse } = createRequire(new URL('packages/pipeline/package.json', root))('yaml') as { parse: (text: string) => unknown };
const stages = new Map<string, AnyStage>();
for (const name of (await readdir(new URL('packages/', root))).sort()) {
  const manifest = JSON.parse(await readFile(new URL(`packages/${name}/package.json`, root), 'utf8').catch(() => '{}')) as { memgeo?: { stages?: string[] } };
  for (const stage of manifest.memgeo?.stages ?? []) stages.set(`${name}/${stage}`, ((await import(`@memgeo/${name}/stages/${stage}`)) as { stage: AnyStage }).stage);
}
const catalog: StageCatalog = { ids: [...stages.keys()], load: (id) => Promise.resolve(stages.get(id)!), entry: () => '' };
const schema = z.fromJSONSchema(pipelineJsonSchema([...stages.values()]) as never);
type File = { name: string; stages: { [name: string]: { [key: string]: unknown } } };

describe('docs/pipeline-file.md', () => {
  test('every example is a pipeline that can be read, and fits the schema for editors', async () => {
    const page = await readFile(new URL('docs/pipeline-file.md', root), 'utf8');
    const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text!);
    expect(examples.length).toBeGreaterThanOrEqual(3);
    const folder = await mkdtemp(join(tmpdir(), 'memgeo-page-'));
    try {
      for (const text of examples) {
        await writeFile(join(folder, 'p.yaml'), text);
        const { name, points } = await readPipeline(join(folder, 'p.yaml'), { catalog });
        expect([name, points.length]).toEqual([name, { widths: 3 + 6 + 3 + 3 + 1, steps: 4, programs: 2 }[name]]);
        expect([name, schema.safeParse(parse(text)).success]).toEqual([name, true]);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('every key of a stage has a row', async () => {
    const page = await readFile(new URL('docs/pipeline-file.md', root), 'utf8');
    const { properties } = pipelineJsonSchema([]) as unknown as { properties: { [key: string]: { additionalProperties: { anyOf: { properties: object }[] } } } };
    const keys = [...Object.keys(properties), ...Object.keys(properties.stages!.additionalProperties.anyOf[0]!.properties)];
    expect(keys.filter((key) => !page.includes(`| \`${key}\``) && !page.includes(`, \`${key}\``))).toEqual([]);
  });
});

describe('the pipelines of the repository', () => {
  test('fit the schema for editors, which refuses them misspelled', async () => {
    const files = (await readdir(new URL('pipelines/', root))).filter((name) => name.endsWith('.yaml'));
    expect(files.length).toBeGreaterThan(5);
    for (const name of files) {
      const file = parse(await readFile(new URL(`pipelines/${name}`, root), 'utf8')) as File;
      const takes = (change: (copy: File) => void): boolean => {
        const copy = structuredClone(file);
        change(copy);
        return schema.safeParse(copy).success;
      };
      expect([name, takes(() => undefined)]).toEqual([name, true]);
      for (const stage of Object.keys(file.stages)) {
        expect([name, stage, takes((copy) => { copy.stages[stage]!.mattrix = {}; })]).toEqual([name, stage, false]);
        if (!String(file.stages[stage]!.uses).startsWith('exec:')) {
          expect([name, stage, takes((copy) => { copy.stages[stage]!.with = { ...(copy.stages[stage]!.with as object), sede: 1 }; })]).toEqual([name, stage, false]);
          expect([name, stage, takes((copy) => { copy.stages[stage]!.uses += 'x'; })]).toEqual([name, stage, false]);
        }
      }
    }
  });

  test('are read', async () => {
    for (const name of (await readdir(new URL('pipelines/', root))).filter((one) => one.endsWith('.yaml'))) {
      expect((await readPipeline(new URL(`pipelines/${name}`, root).pathname, { catalog })).points.length).toBeGreaterThan(1);
    }
  });
});
