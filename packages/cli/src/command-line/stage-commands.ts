import type { Command } from 'commander';
import { collect, positiveInteger } from './options.js';
import type { Exit } from './program.js';

/** Single stages without a pipeline, and the comparison of reports. */
export function addStageCommands(program: Command, exit: Exit): void {
  const stage = program.command('stage').description('single stages, without a pipeline');
  stage.command('list').description('list the installed stages').action(async () => exit(await (await import('../commands/stage-info.js')).listStages()));
  stage.command('describe').description('say what a stage takes, gives and can be told').argument('<id>', 'as in memgeo stage list')
    .action(async (id) => exit(await (await import('../commands/stage-info.js')).describeStage(id)));
  stage.command('run').description('run a stage on given files').argument('<id>', 'as in memgeo stage list')
    .option('--in <name=path>', 'an input: artifact folder, .arrow, .parquet, .npy or .npz file, file.npz#member; name.part=path for parts; may be repeated', collect, [])
    .option('--labels <file>', 'the class of each row of the activations: .npy, .npz, file.npz#member, .csv or .txt, one a line')
    .option('--with <name=value>', 'a parameter; may be repeated', collect, [])
    .option('--threads <n>', 'threads to use (default: the number of cores)', positiveInteger)
    .requiredOption('--out <folder>', 'where the outputs go')
    .action(async (id, options) => exit(await (await import('../commands/stage-run.js')).runStage(id, options)));
  program.command('report').description('reports of runs').command('compare').description('set reports side by side in one page')
    .argument('<report...>', 'folders of reports, as results/quickstart/report; two or more')
    .option('--out <folder>', 'where the page goes', 'results/comparison')
    .option('--title <text>', 'its title')
    .action(async (folders, options) => exit(await (await import('../commands/report-compare.js')).compareReports(folders, options)));
  program.command('exec', { hidden: true }).description('execute a job file').argument('<job>')
    .action(async (path) => exit(await (await import('../commands/exec.js')).exec(path)));
}
