import type { Command } from 'commander';
import { jsonOption, setOption, storeOption } from './options.js';
import type { Exit } from './program.js';

/** Explanations and provenance. All of these only read. */
export function addExplainCommands(program: Command, exit: Exit): void {
  program.command('why').description('say why a stage or point is cached, ran, will run or failed').argument('<pipeline>', 'YAML file').argument('<name>', 'a stage, points as geometry[epoch=4] or train[width>=64], or those that "failed"')
    .option(...setOption).option(...jsonOption).option(...storeOption)
    .action(async (path, name, options) => exit(await (await import('../commands/why.js')).why(path, name, options)));
  program.command('diff').description('compare two runs: what differs, and what only follows from it')
    .argument('[before]', 'a run: its id or the beginning of it, latest, previous, -2, or a pipeline\'s name for its latest (default: the one before of the same pipeline)').argument('[after]', 'another (default: latest)')
    .option(...jsonOption).option(...storeOption)
    .action(async (before, after, options) => exit(await (await import('../commands/diff.js')).diff(before, after, options)));
  program.command('lineage').description('show what an artifact was made of, down to the data').argument('<artifact>', 'a path, a point as geometry[epoch=4], an output as train.history, a digest or key')
    .option('--down', 'what was made of it, instead').option(...jsonOption).option(...storeOption)
    .action(async (name, options) => exit(await (await import('../commands/lineage.js')).lineage(name, options)));
  program.command('show').description('show an artifact, what made it and what used it; or a run').argument('<name>', 'a path, a point as geometry[epoch=4], an output as train.history, a digest or key; of runs an id, latest, previous, or a pipeline\'s name')
    .option(...jsonOption).option(...storeOption)
    .action(async (name, options) => exit(await (await import('../commands/show.js')).show(name, options)));
}
