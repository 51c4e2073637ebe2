import type { Command } from 'commander';
import { jsonOption, setOption, storeOption } from './options.js';
import type { Exit } from './program.js';

/** Explanations and provenance. All of these only read. */
export function addExplainCommands(program: Command, exit: Exit): void {
  program.command('why').description('say why a stage or point is cached, ran, will run or failed').argument('<pipeline>', 'YAML file').argument('<name>', 'a stage, or a point as geometry[epoch=4]')
    .option(...setOption).option(...jsonOption).option(...storeOption)
    .action(async (path, name, options) => exit(await (await import('../commands/why.js')).why(path, name, options)));
  program.command('diff').description('compare two runs: what differs, and what only follows from it')
    .argument('[before]', 'a run: its id or the beginning of it, latest, previous, -2, or a pipeline\'s name (default: the one before)').argument('[after]', 'another (default: latest)')
    .option(...jsonOption).option(...storeOption)
    .action(async (before, after, options) => exit(await (await import('../commands/diff.js')).diff(before, after, options)));
  program.command('lineage').description('show what an artifact was made of, down to the data').argument('<artifact>', 'a path, a point as geometry[epoch=4], an output as train.history, or a digest')
    .option('--down', 'what was made of it, instead').option(...jsonOption).option(...storeOption)
    .action(async (name, options) => exit(await (await import('../commands/lineage.js')).lineage(name, options)));
  program.command('show').description('show an artifact: a path, a point of the last run as geometry[epoch=4], or a digest; or a run').argument('<artifact>')
    .option(...jsonOption).option(...storeOption)
    .action(async (name, options) => exit(await (await import('../commands/show.js')).show(name, options)));
}
