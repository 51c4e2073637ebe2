import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executeJob, programStage, type Job, type StageEvent, type StageResult } from '../src/index.js';

/** Whether programs in Python can be tried here; tests that need it say so in their titles and are skipped without it. */
export const hasPython = spawnSync('python3', ['--version']).status === 0;

type Declared = Parameters<typeof programStage>[1];

/** A folder with programs, and what is needed to run one of them as a stage. */
export class ProgramBench {
  readonly folder: string;
  readonly events: StageEvent[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @param prefix  Part of the folder's name, which may hold anything a folder's name may. */
  static async create(prefix = 'memgeo-program-'): Promise<ProgramBench> {
    return new ProgramBench(await mkdtemp(join(tmpdir(), prefix)));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  at(...names: string[]): string {
    return join(this.folder, ...names);
  }

  async write(name: string, text: string, mode = 0o644): Promise<string> {
    await mkdir(join(this.at(name), '..'), { recursive: true });
    await writeFile(this.at(name), text);
    await chmod(this.at(name), mode);
    return this.at(name);
  }

  /** Runs lines of POSIX shell as a stage; its output is the folder `out` where nothing else is said. */
  async sh(lines: string, changes: Partial<Declared> = {}, job: Partial<Job> = {}): Promise<StageResult> {
    return this.run({ command: ['sh', await this.write('program.sh', lines)], ...changes }, job);
  }

  async python(lines: string, changes: Partial<Declared> = {}, job: Partial<Job> = {}): Promise<StageResult> {
    return this.run({ command: ['python3', await this.write('program.py', lines)], ...changes }, job);
  }

  async run(declared: Partial<Declared>, job: Partial<Job> = {}): Promise<StageResult> {
    const program = { command: ['true'], outputs: { out: { kind: 'folder', schema: 'out@1', format: 'folder' } }, ...declared } as Declared;
    await rm(this.at('work'), { recursive: true, force: true });
    await mkdir(this.at('work'));
    const whole: Job = {
      format: 1, stage: 'exec:program', point: 'program', params: {}, inputs: {}, files: {}, outputFolder: this.at('work/outputs'), stateFolder: this.at('state'),
      resultFile: this.at('work/result.json'), threads: 1, lineage: [], program, ...job,
    };
    return executeJob(whole, programStage(whole.stage, program), (event) => this.events.push(event));
  }

  /** A file of an output. */
  read(...names: string[]): Promise<string> {
    return readFile(this.at('work/outputs', ...names), 'utf8');
  }
}

/** The message of a failure; an error if there is none. */
export function failure(result: StageResult): { message: string; kind: string | undefined; stack?: string } {
  if (result.status !== 'failed') throw new Error('the program succeeded');
  return { kind: undefined, ...result.error };
}

/** What a success left; an error with the reason if there is none. */
export function success(result: StageResult): Extract<StageResult, { status: 'done' }> {
  if (result.status !== 'done') throw new Error(result.error.stack ?? result.error.message);
  return result;
}
