import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { PipelineError, readPipeline, type Pipeline } from '../src/index.js';
import { testCatalog } from './catalog.js';

/** Reads pipeline texts in a folder of the test file's own. */
export class ReadingWorkbench {
  folder = '';

  constructor() {
    beforeAll(async () => { this.folder = await mkdtemp(join(tmpdir(), 'memgeo-reading-')); });
    afterAll(async () => { await rm(this.folder, { recursive: true, force: true }); });
  }

  async read(text: string | Uint8Array, overrides: string[] = []): Promise<Pipeline> {
    const path = join(this.folder, 'p.yaml');
    await writeFile(path, text);
    return readPipeline(path, { catalog: testCatalog, overrides });
  }

  /** Stages as one line each, under `name: t`. */
  readStages(stages: { readonly [name: string]: string }, params = '{}'): Promise<Pipeline> {
    return this.read(`name: t\nparams: ${params}\nstages:\n${Object.entries(stages).map(([name, entry]) => `  ${name}: ${entry}\n`).join('')}`);
  }

  /** What is wrong, with the file's path left out: `LINE: MESSAGE`. Anything else than a PipelineError is thrown. */
  async wrong(reading: Promise<unknown>): Promise<string> {
    try {
      await reading;
    } catch (cause) {
      if (!(cause instanceof PipelineError)) throw cause;
      const message = cause.message.replace(join(this.folder, 'p.yaml'), '').replace(/^: /, '').replace(/^:/, '');
      if (message.includes('\n    at ')) throw new Error(`a stack trace: ${message}`, { cause });
      return message;
    }
    throw new Error('nothing was wrong');
  }
}

export function idsOf(pipeline: Pipeline, stage: string): string[] {
  return pipeline.points.filter(({ stageName }) => stageName === stage).map(({ id }) => id);
}
