import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Execution, LineageNode } from '../definition/context.js';
import { programSchema } from '../program/program.js';
import type { StageErrorKind } from './stage-error.js';

const location = z.union([z.string(), z.record(z.string(), z.string())]);
const point = z.strictObject({ coordinates: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])), location });

/** What a stage process is told: `job.json`. Paths are absolute. */
export const jobSchema = z.strictObject({
  format: z.literal(1),
  /** Stage id. */
  stage: z.string(),
  /** Name in the pipeline with its coordinates, for messages. */
  point: z.string(),
  params: z.record(z.string(), z.json()),
  inputs: z.record(z.string(), z.union([location, z.array(point)])),
  files: z.record(z.string(), z.string()),
  /** Receives one folder per declared output. */
  outputFolder: z.string(),
  stateFolder: z.string(),
  /** Receives {@link StageResult}. */
  resultFile: z.string(),
  threads: z.int().min(1),
  /** The program that does the work, for a stage that is none of the installed ones. */
  program: programSchema.optional(),
  inputKeys: z.record(z.string(), z.array(z.string())).default({}),
  lineage: z.array(z.custom<LineageNode>()),
});
export type Job = z.input<typeof jobSchema>;

/** What a stage process leaves behind: `result.json`. */
export type StageResult =
  | ({ readonly status: 'done' } & Execution)
  | { readonly status: 'failed'; readonly error: { readonly name: string; readonly message: string; readonly stack?: string; readonly kind?: StageErrorKind } };

/** What a stage process says while it works: JSON lines on file descriptor 3. */
export type StageEvent =
  | { readonly type: 'progress'; readonly done: number; readonly total: number; readonly label: string }
  | { readonly type: 'log' | 'warning'; readonly message: string };

/** @throws TypeError if the file is no job. */
export async function readJob(path: string): Promise<Job> {
  const job = jobSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!job.success) throw new TypeError(`readJob: ${path} must be a job file; ${z.prettifyError(job.error)}`);
  return job.data;
}

export async function writeJob(path: string, job: Job): Promise<void> {
  await writeFile(path, JSON.stringify(job, null, 2));
}
