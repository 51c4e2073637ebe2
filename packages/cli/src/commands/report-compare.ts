import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { readManifest, reportSchema } from '@memgeo/artifacts/contract';
import { executeJob } from '@memgeo/stage';
import { distinctNames, findReport } from '../inputs/find-report.js';
import { tellEvents } from '../rendering/tell-events.js';
import { UserError } from '../user-error.js';
import { loadStage } from './stage-info.js';

/** Sets reports side by side in one page, named by what tells their folders apart. */
export async function compareReports(folders: readonly string[], options: { out: string; title?: string }): Promise<number> {
  if (folders.length < 2) throw new UserError('memgeo report compare needs two reports or more. Name their folders, as in results/quickstart/report.');
  const reports: string[] = [];
  for (const folder of folders) reports.push(await findReport(folder));
  const repeated = reports.find((report, index) => reports.indexOf(report) !== index);
  if (repeated !== undefined) throw new UserError(`${repeated} is named twice; a report needs another one to be compared with.`);
  const out = resolve(options.out);
  if (existsSync(out) && !(await readManifest(out).then(({ schema }) => schema === reportSchema, () => false))) throw new UserError(`${options.out} exists and is no report. Choose another folder by --out, or remove it.`);
  if (reports.includes(out)) throw new UserError(`--out ${options.out} is one of the reports to compare. Choose another folder.`);
  const names = distinctNames(reports);
  const stage = await loadStage('report/compare');
  await mkdir(dirname(out), { recursive: true });
  const workFolder = await mkdtemp(join(dirname(out), '.comparison-'));
  try {
    const command = ['memgeo report compare', ...folders.map(quote), '--out', quote(options.out), ...(options.title === undefined ? [] : ['--title', quote(options.title)])].join(' ');
    const result = await executeJob({
      format: 1, stage: stage.id, point: stage.id, params: { ...(options.title === undefined ? {} : { title: options.title }), command }, files: {}, lineage: [], threads: 1,
      inputs: { reports: reports.map((location, index) => ({ coordinates: { run: names[index]! }, location })) },
      outputFolder: workFolder, stateFolder: join(workFolder, 'state'), resultFile: join(workFolder, 'result.json'),
    }, stage, tellEvents());
    if (result.status === 'failed') {
      process.stderr.write(`${result.error.message}\n`);
      return 1;
    }
    await rm(out, { recursive: true, force: true });
    await rename(join(workFolder, 'report'), out);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
  process.stdout.write(`comparison of ${names.join(', ')}: ${join(relative(process.cwd(), out) || '.', 'index.html')}\n`);
  return 0;
}

/** Text as one word of a shell. */
function quote(text: string): string {
  return /^[\w./=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
