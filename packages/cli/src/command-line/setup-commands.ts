import type { Command } from 'commander';
import { jsonOption, storeOption } from './options.js';
import type { Exit } from './program.js';

/** The machine, the editor, and a new experiment. */
export function addSetupCommands(program: Command, exit: Exit): void {
  program.command('init').description('make a folder with an experiment that runs').argument('<folder>', 'new or empty')
    .option('--packages <folder>', 'take memgeo from packed packages (npm pack) in this folder')
    .action(async (folder, options) => exit(await (await import('../commands/init.js')).init(folder, options)));
  program.command('doctor').description('say what memgeo can use on this machine, and what is amiss').option(...jsonOption).option(...storeOption)
    .action(async (options) => exit(await (await import('../commands/doctor.js')).doctor(options)));
  program.command('schema').description('print the JSON Schema of pipeline files, for editors')
    .action(async () => exit(await (await import('../commands/schema.js')).schema()));
}
