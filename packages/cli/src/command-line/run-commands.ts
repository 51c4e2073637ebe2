import type { Command } from 'commander';
import { byteSize, collect, jsonOption, positiveInteger, setOption, storeOption, wholeNumber } from './options.js';
import type { Exit } from './program.js';

/** Bringing a pipeline up to date, and seeing what that would mean. */
export function addRunCommands(program: Command, exit: Exit): void {
  program.command('run').description('bring a pipeline up to date').argument('<pipeline>', 'YAML file')
    .option(...setOption)
    .option('--jobs <n>', 'threads to share out; as many stages at once at most (default: the number of cores)', positiveInteger)
    .option('--memory <size>', 'memory for stages that say how much they need, as 12GiB (default: nine tenths of the machine\'s)', byteSize)
    .option('--accelerators <n>', 'accelerators, such as GPUs, to share out (default: 1)', wholeNumber)
    .option('--only <name>', 'only this stage, these points, as train[seed=1,width>=64], or those that "failed", and what they need; may be repeated', collect, [])
    .option('--force <name>', 'run this stage or these points even if they are cached; may be repeated', collect, [])
    .option('--keep-going', 'after a failure go on with what does not depend on it')
    .option('--retry <n>', 'further tries after a failure that may pass by itself: memory, time, a signal, an exit code', wholeNumber, 0)
    .option('--results <folder>', 'where reports and other folders are copied to', 'results')
    .option('--dry-run', 'say what would run, and why')
    .option('--plain', 'lines instead of a live tree')
    .option('--json', 'a line of JSON for each event, for programs')
    .option(...storeOption)
    .action(async (path, options) => exit(await (await import('../commands/run.js')).run(path, options)));
  program.command('plan').description('say what would run, and why').argument('<pipeline>', 'YAML file')
    .option(...setOption)
    .option('--only <name>', 'only this stage, these points, as train[seed=1,width>=64], or those that "failed", and what they need; may be repeated', collect, [])
    .option('--force <name>', 'as if this stage or these points had to run again; may be repeated', collect, [])
    .option('--all', 'a line for each point, however many').option(...jsonOption).option(...storeOption)
    .action(async (path, options) => exit(await (await import('../commands/plan.js')).plan(path, options)));
  program.command('graph').description('print the pipeline as a Mermaid flowchart').argument('<pipeline>', 'YAML file')
    .option(...setOption).option(...storeOption)
    .action(async (path, options) => exit(await (await import('../commands/graph.js')).graph(path, options)));
}
