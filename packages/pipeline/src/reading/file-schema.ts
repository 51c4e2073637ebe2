import { inputFormats, programOutputSchema } from '@memgeo/stage';
import { z } from 'zod';
import { failureKinds, type FailureKind } from '../running/failure.js';
import { nameSchema } from './names.js';

const scalar = z.union([z.string(), z.number(), z.boolean()], 'must be a number, true, false or a text');
const expression = z.string().describe('One expression, as in ${params.NAME}.');
const axes = z.union([z.record(nameSchema, z.union([z.array(scalar).min(1), expression], 'must be a list of numbers or texts')), expression]);
const combinations = z.union([z.array(z.record(nameSchema, scalar)).min(1), expression], 'must be a list of maps from axis to value');
/** The reading of YAML leaves nothing but JSON, so values are taken as they are. */
const json = z.unknown();
const retries = z.int().min(0).max(100);
const retriesByKind = Object.fromEntries(failureKinds.map((kind) => [kind, retries.optional()])) as { [K in FailureKind]: z.ZodOptional<typeof retries> };

export const stageEntrySchema = z.strictObject({
  uses: z.string().describe('Stage id, as in geometry/mftma; or a program, as in exec:python3 ./summary.py.'),
  in: z.record(nameSchema, z.union([z.string(), z.array(z.string()).min(1)], 'must be a reference or a list of references')).default({})
    .describe('Inputs: STAGE, STAGE.OUTPUT, STAGE.OUTPUT/MEMBER; of a stage with several points STAGE[key=value], STAGE[key>=1,other=a|b] or STAGE[*].'),
  with: z.record(z.string(), json).default({}).describe('Parameters of the stage.'),
  matrix: axes.default({}).describe('Runs the stage at each combination of these values, as ${matrix.NAME}.'),
  zip: axes.default({}).describe('Axes that go in step, crossed with the matrix.'),
  include: combinations.optional().describe('Further points; each gives a value for every axis.'),
  exclude: combinations.optional().describe('Leaves out the points of matrix and zip that have all of these values.'),
  timeout: z.union([z.number(), z.string()], 'must be a time, as in 90 min, or a number of seconds').optional()
    .describe('After this long an execution counts as failed, as in 45 s, 90 min or 2 h; a number is in seconds.'),
  retry: z.union([retries, z.strictObject(retriesByKind)]).optional()
    .describe('How often a failed execution is tried again: a number for failures that may pass by themselves, or a number by kind of failure.'),
  resources: z.strictObject({
    threads: z.union([z.int().min(1), expression]).optional().describe('Threads it can put to use.'),
    memory: z.union([z.number(), z.string()]).optional().describe('Memory it needs, as in 4 GiB; a number is in bytes.'),
    accelerators: z.union([z.int().min(0), expression]).optional().describe('Accelerators, such as GPUs, it needs.'),
  }).default({}).describe('What a point asks of the machine, where it differs from what the stage declares.'),
  outputs: z.record(nameSchema, programOutputSchema).optional().describe('Of a program: what it writes.'),
  formats: z.record(z.string(), z.enum(inputFormats)).optional().describe('Of a program: how it reads an input.'),
  watch: z.array(z.string().min(1)).optional().describe('Of a program: further files and folders that are its code.'),
  env: z.record(z.string().regex(/^[A-Za-z_]\w*$/, 'must be the name of an environment variable'), scalar).optional().describe('Of a program: environment variables.'),
});

/** Keys of a stage that is a program, and of no other. */
export const programKeys: readonly ('outputs' | 'formats' | 'watch' | 'env')[] = ['outputs', 'formats', 'watch', 'env'];

/** A pipeline file, before references are resolved. */
export const pipelineFileSchema = z.strictObject({
  name: nameSchema.describe('Name of the pipeline and of its folder under results.'),
  description: z.string().optional(),
  params: z.record(nameSchema, json).default({}).describe('Values for ${params.NAME}; changed by --set params.NAME=VALUE.'),
  stages: z.record(nameSchema, stageEntrySchema).refine((stages) => Object.keys(stages).length > 0, 'must have at least one stage'),
});
export type PipelineFile = z.output<typeof pipelineFileSchema>;
export type StageEntry = z.output<typeof stageEntrySchema>;
