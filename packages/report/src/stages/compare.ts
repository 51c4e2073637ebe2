import { reportSchema } from '@memgeo/artifacts/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';

export const compareParams = z.strictObject({
  title: z.string().min(1).default('Runs side by side').describe('Title of the page.'),
  command: z.string().default('').describe('The command that makes the comparison again, printed in it.'),
});

/** One page that sets the reports of several runs side by side. */
export const stage = defineStage({
  id: 'report/compare',
  version: 1,
  description: 'Sets reports side by side: in what the runs differ, what their claims come to, their figures on the same scales.',
  params: compareParams,
  inputs: {
    reports: { form: 'artifact', kind: 'folder', schema: reportSchema, isMany: true, description: 'Reports, as report/html writes them; two or more.' },
  },
  outputs: { report: { kind: 'folder', schema: reportSchema, description: 'index.html, figures as SVG and PNG.' } },
  resources: { threads: 1 },
  run: async (context) => (await import('./write-comparison.js')).writeComparison(context),
});
