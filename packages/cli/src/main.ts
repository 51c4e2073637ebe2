import { visibleText } from '@memgeo/artifacts/contract';

/** Errors whose message is written for the user. By name, because a stage's process should not load what it does not need. */
const forUser: readonly string[] = ['ArtifactError', 'HistoryError', 'PipelineError', 'StageError', 'StoreError', 'UserError'];

/** The `memgeo` command. Exit codes: 0 done, 1 a stage failed, 2 usage or pipeline error, 130 interrupted. */
export async function main(argv: readonly string[]): Promise<void> {
  // Who reads our output may stop reading, as `head` does; the work goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', (cause: NodeJS.ErrnoException) => { if (cause.code !== 'EPIPE') throw cause; });
  try {
    process.exitCode = await run(argv);
  } catch (cause) {
    const { message, name, stack } = cause as Error;
    const isForUser = forUser.includes(name);
    const said = argv.includes('--verbose') ? stack ?? message : isForUser ? message : `${message}\nAdd --verbose for where it happened.`;
    // A message may hold what stands in somebody's file.
    process.stderr.write(`${said.split('\n').map(visibleText).join('\n')}\n`);
    process.exitCode = isForUser ? 2 : 1;
  }
}

async function run(argv: readonly string[]): Promise<number> {
  const [, , verb, path] = argv;
  // A stage's process, of which there are many: it needs none of the other commands.
  if (verb === 'exec' && path !== undefined) return (await import('./commands/exec.js')).exec(path);
  const [{ buildProgram }, { CommanderError }] = await Promise.all([import('./command-line/program.js'), import('commander')]);
  let code = 0;
  try {
    await buildProgram((told) => { code = told; }).parseAsync([...argv]);
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : 2;
    throw cause;
  }
  return code;
}
