import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { failureKinds } from '../src/index.js';
import { bringUpToDate } from './readme-example.js';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-readme-')); });
afterEach(() => rm(folder, { recursive: true, force: true }));

test('the example of the README is the one tested here, on the pipeline that stands there', () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readme)!;
  expect(example).toBe(readFileSync(join(import.meta.dirname, 'readme-example.ts'), 'utf8').replaceAll("'../src/index.js'", "'@memgeo/pipeline'"));
});

test('it runs what is outdated, and says why', async () => {
  const [, pipeline] = /```yaml\n([\s\S]*?)```/.exec(readme)!;
  const path = join(folder, 'p.yaml');
  await writeFile(path, pipeline!);
  await writeFile(join(folder, 'fit.sh'), '#!/bin/sh\n[ "$MEMGEO_PARAM_seed" = 13 ] && exit 3\nprintf "loss\\n0.$MEMGEO_PARAM_seed\\n" > "$MEMGEO_OUTPUT_loss"\n');
  await chmod(join(folder, 'fit.sh'), 0o755);
  const execCommand = [process.execPath, '--conditions=@memgeo/source', '--import', 'tsx', join(import.meta.dirname, 'readme-exec.ts')];
  const run = (...seeds: number[]) => bringUpToDate(path, { folder: join(folder, 'store'), seeds, execCommand });
  expect(await run(1)).toEqual(['fit[seed=1]: it has not run before', 'fit[seed=1] ran']);
  expect(await run(1, 13)).toEqual(['fit[seed=13]: it has not run before', 'fit[seed=1] cached', 'fit[seed=13] failed']);
}, 60_000);

test('every kind of failure is told', () => {
  for (const kind of failureKinds) expect(readme).toContain(`\`${kind}\``);
});
