import { ArtifactError } from '@memgeo/artifacts/contract';
import { HistoryError, PipelineError, StoreError } from '@memgeo/pipeline';
import { StageError } from '@memgeo/stage';
import { CommanderError } from 'commander';
import { buildProgram } from './command-line/program.js';
import { UserError } from './user-error.js';

/** The `memgeo` command. Exit codes: 0 done, 1 a stage failed, 2 usage or pipeline error, 130 interrupted. */
export async function main(argv: readonly string[]): Promise<void> {
  const isVerbose = argv.includes('--verbose');
  // Who reads our output may stop reading, as `head` does; the work goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', (cause: NodeJS.ErrnoException) => { if (cause.code !== 'EPIPE') throw cause; });
  try {
    await buildProgram((code) => { process.exitCode = code; }).parseAsync([...argv]);
  } catch (cause) {
    if (cause instanceof CommanderError) {
      process.exitCode = cause.exitCode === 0 ? 0 : 2;
      return;
    }
    const isForUser = [PipelineError, UserError, ArtifactError, StageError, StoreError, HistoryError].some((kind) => cause instanceof kind);
    const { message, stack } = cause as Error;
    process.stderr.write(`${isVerbose ? stack ?? message : isForUser ? message : `${message}\nAdd --verbose for where it happened.`}\n`);
    process.exitCode = isForUser ? 2 : 1;
  }
}
