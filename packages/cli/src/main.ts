import { readFileSync } from 'node:fs';
import { ArtifactError } from '@memgeo/artifacts';
import { parseByteSize, PipelineError, StoreError } from '@memgeo/pipeline';
import { StageError } from '@memgeo/stage';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { UserError } from './user-error.js';

const collect = (value: string, previous: string[]): string[] => [...previous, value];
const storeOption = ['--store <folder>', 'where results are kept', '.memgeo'] as const;

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
    const isForUser = [PipelineError, UserError, ArtifactError, StageError, StoreError].some((kind) => cause instanceof kind);
    const { message, stack } = cause as Error;
    process.stderr.write(`${isVerbose ? stack ?? message : isForUser ? message : `${message}\nAdd --verbose for where it happened.`}\n`);
    process.exitCode = isForUser ? 2 : 1;
  }
}

function buildProgram(exit: (code: number) => void): Command {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  const program = new Command('memgeo')
    .description('Where, when and why a network memorizes instead of generalizing.')
    .version(version)
    .option('--verbose', 'show where an error happened')
    .exitOverride();
  // Each command loads its own code, so that a cached run starts at once.
  program.command('run').description('bring a pipeline up to date').argument('<pipeline>', 'YAML file')
    .option('--set <key=value>', 'change a value, as params.seed=2; may be repeated', collect, [])
    .option('--jobs <n>', 'stages at once (default: the number of cores)', positiveInteger)
    .option('--memory <size>', 'memory for stages that say how much they need, as 12GiB (default: nine tenths of the machine\'s)', byteSize)
    .option('--accelerators <n>', 'accelerators, such as GPUs, to share out (default: 1)', wholeNumber)
    .option('--only <name>', 'only this stage or point, and what it needs, or the points that "failed"; may be repeated', collect, [])
    .option('--force <name>', 'run this stage or point even if it is cached; may be repeated', collect, [])
    .option('--keep-going', 'after a failure go on with what does not depend on it')
    .option('--retry <n>', 'tries after a failure that may pass by itself: memory, time, a signal', wholeNumber, 0)
    .option('--results <folder>', 'where reports are copied to', 'results')
    .option('--dry-run', 'say what would run, and why')
    .option('--plain', 'lines instead of a live tree')
    .option('--json', 'an event a line, for programs')
    .option(...storeOption)
    .action(async (path, options) => exit(await (await import('./commands/run.js')).run(path, options)));
  program.command('plan').description('say what would run, and why').argument('<pipeline>', 'YAML file')
    .option('--set <key=value>', 'change a value; may be repeated', collect, [])
    .option('--only <name>', 'only this stage or point, and what it needs; may be repeated', collect, [])
    .option('--force <name>', 'as if this stage or point had to run again; may be repeated', collect, [])
    .option('--all', 'a line for each point, however many').option('--json', 'for programs').option(...storeOption)
    .action(async (path, options) => exit(await (await import('./commands/plan.js')).plan(path, options)));
  program.command('graph').description('print the pipeline as a Mermaid flowchart').argument('<pipeline>', 'YAML file')
    .option('--set <key=value>', 'change a value; may be repeated', collect, []).option(...storeOption)
    .action(async (path, options) => exit(await (await import('./commands/graph.js')).graph(path, options)));
  const stage = program.command('stage').description('single stages, without a pipeline');
  stage.command('list').description('list the installed stages').action(async () => exit(await (await import('./commands/stage-info.js')).listStages()));
  stage.command('describe').description('say what a stage takes, gives and can be told').argument('<id>')
    .action(async (id) => exit(await (await import('./commands/stage-info.js')).describeStage(id)));
  stage.command('run').description('run a stage on given files').argument('<id>')
    .option('--in <name=path>', 'an input: artifact folder, .arrow, .parquet, .npy or .npz file, file.npz#member; name.part=path for parts; may be repeated', collect, [])
    .option('--labels <file>', 'the class of each row of the activations: .npy, .npz, file.npz#member, .csv or .txt, one a line')
    .option('--with <name=value>', 'a parameter; may be repeated', collect, [])
    .option('--threads <n>', 'threads to use (default: the number of cores)', positiveInteger)
    .requiredOption('--out <folder>', 'where the outputs go')
    .action(async (id, options) => exit(await (await import('./commands/stage-run.js')).runStage(id, options)));
  program.command('report').description('reports of runs').command('compare').description('set reports side by side in one page')
    .argument('<report...>', 'folders of reports, as results/quickstart/report; two or more')
    .option('--out <folder>', 'where the page goes', 'results/comparison')
    .option('--title <text>', 'its title')
    .action(async (folders, options) => exit(await (await import('./commands/report-compare.js')).compareReports(folders, options)));
  program.command('show').description('show an artifact: a path, a point of the last run as geometry[epoch=4], or a digest').argument('<artifact>').option(...storeOption)
    .action(async (name, options) => exit(await (await import('./commands/show.js')).show(name, options)));
  program.command('doctor').description('say what memgeo can use on this machine').action(async () => exit(await (await import('./commands/doctor.js')).doctor()));
  program.command('schema').description('print the JSON Schema of pipeline files').action(async () => exit(await (await import('./commands/schema.js')).schema()));
  program.command('cache').description('care of the store').command('verify').description('hash every stored object again').option(...storeOption)
    .action(async (options) => exit(await (await import('./commands/cache-verify.js')).verifyCache(options)));
  program.command('exec', { hidden: true }).description('execute a job file').argument('<job>')
    .action(async (path) => exit(await (await import('./commands/exec.js')).exec(path)));
  return program;
}

function byteSize(text: string): number {
  try {
    return parseByteSize(text);
  } catch (cause) {
    throw new InvalidArgumentError(`It ${(cause as Error).message}.`);
  }
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return value;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number of at least 0.');
  return value;
}
