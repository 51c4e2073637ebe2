import { readFileSync } from 'node:fs';
import { Command, Help, type Option } from 'commander';
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
    .configureHelp({ optionDescription: describeOption })
    .showHelpAfterError('Add --help for how it is used.')
    .exitOverride();
  for (const add of [addRunCommands, addExplainCommands, addStageCommands, addCacheCommands, addSetupCommands]) add(program, exit);
  return program.addHelpText('after', firstSteps);
}

const firstSteps = `
First steps:
  memgeo init my-experiment       a pipeline file to change, and how to run it
  memgeo plan FILE                what would run, and why
  memgeo run FILE --keep-going    runs what is outdated; Ctrl-C, and the same again goes on
  memgeo run FILE --only failed   tries again what failed`;

/** As usual, but for options that may be repeated: that they are not there by default goes without saying. */
function describeOption(option: Option): string {
  return Array.isArray(option.defaultValue) ? option.description : new Help().optionDescription(option);
}
