import type { Command } from 'commander';
import { jsonOption, storeOption } from './options.js';
import type { Exit } from './program.js';

/** Care of the store. */
export function addCacheCommands(program: Command, exit: Exit): void {
  const cache = program.command('cache').description('care of the store');
  cache.command('ls').description('list what is stored: size, age, last use, pins')
    .option('--sort <order>', 'size, age or stage', 'stage').option('--all', 'a line for each action, however many').option(...jsonOption).option(...storeOption)
    .action(async (options) => exit(await (await import('../commands/cache-ls.js')).listCache(options)));
  cache.command('verify').description('hash every stored object again').option(...jsonOption).option(...storeOption)
    .action(async (options) => exit(await (await import('../commands/cache-verify.js')).verifyCache(options)));
  cache.command('gc').description('say what can go, and why; with --delete remove it')
    .option('--older-than <age>', 'what no run has used for so long, as 30d or 12h', '30d').option('--max-size <size>', 'then what was used least recently, until the store is no larger, as 20GiB')
    .option('--keep-runs <n>', 'of each pipeline, what its last runs used stays', '5').option('--delete', 'remove it').option(...jsonOption).option(...storeOption)
    .action(async (options) => exit(await (await import('../commands/cache-gc.js')).collectCache(options)));
  cache.command('pin').description('keep what a run, key or point stands for, however old').argument('<name>', 'a run by id, latest or its pipeline; a point as geometry[epoch=4], or a stage for all of its points; or a key').option(...storeOption)
    .action(async (name, options) => exit(await (await import('../commands/cache-pin.js')).pinCache(name, options)));
  cache.command('unpin').description('let go of a pin').argument('<name>', 'as it was pinned; memgeo cache ls lists the pins').option(...storeOption)
    .action(async (name, options) => exit(await (await import('../commands/cache-pin.js')).unpinCache(name, options)));
}
