import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addCacheCommands } from './cache-commands.js';
import { addExplainCommands } from './explain-commands.js';
import { addRunCommands } from './run-commands.js';
import { addSetupCommands } from './setup-commands.js';
import { addStageCommands } from './stage-commands.js';

/** Tells the exit code of the command that ran. */
export type Exit = (code: number) => void;

/** All commands. Each loads its own code when it is called, so that a cached run starts at once. */
export function buildProgram(exit: Exit): Command {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  const program = new Command('memgeo')
    .description('Where, when and why a network memorizes instead of generalizing.')
    .version(version)
    .option('--verbose', 'show where an error happened')
    .exitOverride();
  for (const add of [addRunCommands, addExplainCommands, addStageCommands, addCacheCommands, addSetupCommands]) add(program, exit);
  return program;
}
