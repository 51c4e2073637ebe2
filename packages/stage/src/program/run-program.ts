import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Json } from '@memgeo/artifacts';
import type { StageContext } from '../definition/context.js';
import { StageError } from '../execution/stage-error.js';
import { ProgramEvents } from './program-events.js';
import { printable, programFailure } from './program-failure.js';
import { makeProgramInputs, type Supplied } from './program-inputs.js';
import { jobVariables, makeProgramFolder, outputPath, toldPath, writeProgramJob, type ProgramJob } from './program-job.js';
import { collectProgramOutputs } from './program-outputs.js';
import { readProgramResult } from './program-result.js';
import type { Program } from './program.js';
import { programTitle } from './program-stage.js';
import { startProgram } from './start-program.js';

/**
 * Does the work of a stage by a program: makes its inputs and its job file, runs it, and makes artifacts of what it wrote.
 *
 * Everything lies in the folder `program` beside the outputs, which is kept where the work of the stage is.
 *
 * @returns the facts of its result, and its peak memory where the system tells.
 * @throws StageError with the kind of the failure.
 */
export async function runProgram(program: Program, context: StageContext): Promise<{ readonly [fact: string]: Json }> {
  const outputFolder = dirname(Object.values(context.outputs)[0]!);
  const paths = await makeProgramFolder(dirname(outputFolder));
  const { inputs, folders } = await makeProgramInputs(context.inputs as { readonly [name: string]: Supplied | undefined }, { formats: program.formats, folder: paths.inputs });
  const told = (path: string): string => toldPath(path, paths.folder);
  const outputs: { [name: string]: string } = {};
  for (const [name, output] of Object.entries(program.outputs)) {
    const path = outputPath(paths.outputs, name, output);
    if (output.format === 'artifact' || output.format === 'folder') await mkdir(path);
    outputs[name] = told(path);
  }
  const job: ProgramJob = {
    format: 1, stage: `exec:${programTitle(program)}`, params: context.params as ProgramJob['params'], inputs, outputs,
    stateFolder: context.stateFolder, threads: context.threads, resultFile: told(paths.result), eventsFile: told(paths.events),
  };
  const variables = { ...program.env, ...jobVariables(job, { folders }, paths.job) };
  await writeProgramJob(job, { paths, command: program.command, variables });
  const events = new ProgramEvents((event) => {
    if (event.type === 'progress') context.progress(event.done, event.total, printable(event.label));
    else (event.type === 'warning' ? context.warn : context.log)(event.message);
  });
  const ending = await startProgram(program.command, { paths, env: { ...inheritedEnvironment(), ...variables }, onEvents: (bytes) => events.add(bytes) });
  const wrong = events.end();
  if (wrong !== undefined) context.warn(wrong);
  if (ending.leftRunning > 0) context.warn(`The program ended and left ${ending.leftRunning} of the processes it had started running; they were ended. Let it wait for them.`);
  const failure = programFailure(program, ending);
  // A program that fails may have been about to write a result; how it ended says more than half a file.
  const result = await (failure ? readProgramResult(paths.result).catch(() => undefined) : readProgramResult(paths.result));
  if (result?.status === 'failed') throw new StageError(result.message, { kind: 'error' });
  if (failure) throw failure;
  await collectProgramOutputs(program, paths.outputs, context.outputs);
  return { ...result?.facts, ...(ending.peakMemoryBytes === undefined ? {} : { peakMemoryBytes: ending.peakMemoryBytes }) };
}

/** What this process was given, without what the runner and memgeo tell each other by it. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MEMGEO_')));
}
