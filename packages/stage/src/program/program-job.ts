import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '@memgeo/artifacts';
import { StageError } from '../execution/stage-error.js';
import type { ProgramInput, ProgramInputs } from './program-inputs.js';
import type { Program } from './program.js';

/**
 * What a program is told: the `job.json` whose path is its last argument.
 *
 * Paths are absolute, or relative to the folder of the job file, in which the program is started: so that the folder of a failed
 * program can be moved, and the program be run in it again.
 */
export type ProgramJob = {
  readonly format: 1;
  readonly stage: string;
  readonly params: { readonly [name: string]: Json };
  readonly inputs: { readonly [name: string]: ProgramInput };
  /** Where to write each output: a file, or a folder that is there already. */
  readonly outputs: { readonly [name: string]: string };
  /** Survives an interrupted run of the same work. */
  readonly stateFolder: string;
  readonly threads: number;
  /** Optional: how it went. */
  readonly resultFile: string;
  /** Lines of JSON appended here are progress and messages. */
  readonly eventsFile: string;
};

/** The places in a program's own folder, absolute. */
export type ProgramPaths = { readonly folder: string; readonly job: string; readonly inputs: string; readonly outputs: string; readonly result: string; readonly events: string; readonly stdout: string; readonly stderr: string; readonly script: string };

/** Makes a folder that is a program's own; never one that is there. */
export async function makeProgramFolder(parent: string): Promise<ProgramPaths> {
  let folder = join(parent, 'program');
  for (let number = 2; !(await isMade(folder)); number++) folder = join(parent, `program-${number}`);
  const at = (name: string): string => join(folder, name);
  await mkdir(at('outputs'));
  return { folder, job: at('job.json'), inputs: at('inputs'), outputs: at('outputs'), result: at('result.json'), events: at('events.jsonl'), stdout: at('stdout.log'), stderr: at('stderr.log'), script: at('run.sh') };
}

async function isMade(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

/** A path as a program is told it. */
export function toldPath(path: string, folder: string): string {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/** Where a program writes an output. */
export function outputPath(outputs: string, name: string, { format }: Program['outputs'][string]): string {
  return join(outputs, format === 'csv' || format === 'npy' ? `${name}.${format}` : name);
}

/** Longer values, and texts that an environment can't hold, are in the job file only. */
const maxVariableLength = 32_768;

/**
 * The job in the form of environment variables, for languages in which they are easier to read than JSON. `MEMGEO_JOB` is absolute: by
 * it the processes of a program are known.
 *
 * @throws StageError if two names differ only in signs that a variable's name can't have.
 */
export function jobVariables(job: ProgramJob, { folders }: Pick<ProgramInputs, 'folders'>, jobPath: string): { [name: string]: string } {
  const variables: { [name: string]: string } = {
    MEMGEO_JOB: jobPath, MEMGEO_STATE: job.stateFolder, MEMGEO_THREADS: String(job.threads), MEMGEO_RESULT: job.resultFile, MEMGEO_EVENTS: job.eventsFile,
  };
  const set = (kind: string, name: string, value: string): void => {
    const variable = `MEMGEO_${kind}_${name.replace(/[^A-Za-z0-9_]/g, '_')}`;
    if (Object.hasOwn(variables, variable)) throw new StageError(`Two names would be the one environment variable ${variable}; "${name}" is the second. Rename one of them.`);
    if (value.length <= maxVariableLength && !value.includes('\u0000')) variables[variable] = value;
  };
  for (const [name, folder] of Object.entries(folders)) set('INPUT', name, folder);
  for (const [name, path] of Object.entries(job.outputs)) set('OUTPUT', name, path);
  for (const [name, value] of Object.entries(job.params)) set('PARAM', name, value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value));
  return variables;
}

/** Writes the job file, and a script that runs the program in the same way again, by hand. */
export async function writeProgramJob(job: ProgramJob, { paths, command, variables }: { paths: ProgramPaths; command: readonly string[]; variables: { readonly [name: string]: string } }): Promise<void> {
  await writeFile(paths.job, `${JSON.stringify(job, null, 2)}\n`);
  await writeFile(paths.events, '');
  const { MEMGEO_JOB: _, ...others } = variables;
  const settings = Object.entries(others).filter(([name]) => /^[A-Za-z_]\w*$/.test(name)).map(([name, value]) => `export ${name}=${quoted(value)}`);
  const script = ['#!/bin/sh', '# Runs the program again as memgeo ran it, in this folder.', 'cd "$(dirname "$0")" || exit 1', 'export MEMGEO_JOB="$PWD/job.json"', ...settings, `exec ${command.map(quoted).join(' ')} "$MEMGEO_JOB"`, ''];
  await writeFile(paths.script, script.join('\n'));
}

function quoted(word: string): string {
  return `'${word.replaceAll('\'', '\'\\\'\'')}'`;
}
