import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineStage, type Job } from '../src/index.js';
import { z } from 'zod';

/** Writes a text `repeat` times: small, but a whole stage. */
export const stage = defineStage({
  id: 'text/repeat',
  version: 1,
  description: 'Repeats a text.',
  params: z.strictObject({
    text: z.string().describe('What to repeat.'),
    repeat: z.int().min(1).default(2).describe('How often.'),
  }),
  inputs: {},
  outputs: { repeated: { kind: 'folder', schema: 'text@1', description: 'One file.' } },
  resources: { threads: 1 },
  run: async ({ params, outputs, progress, log, warn }) => {
    log('begins');
    await mkdir(outputs.repeated);
    for (let i = 1; i <= params.repeat; i++) progress(i, params.repeat, 'repeats');
    await writeFile(join(outputs.repeated, 'text.txt'), params.text.repeat(params.repeat));
    if (params.text === '') warn('There is nothing to repeat.');
    return { characters: params.text.length * params.repeat };
  },
});

/** A job of a stage below a folder of the test's own. */
export function jobIn(folder: string, changes: Partial<Job> = {}): Job {
  return {
    format: 1, stage: stage.id, point: 'repeat', params: { text: 'ab' }, inputs: {}, files: {},
    outputFolder: join(folder, 'out'), stateFolder: join(folder, 'state'), resultFile: join(folder, 'result.json'), threads: 1, inputKeys: {}, lineage: [],
    ...changes,
  };
}
