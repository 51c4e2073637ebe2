import { executeJob, programStage, readJob } from '@memgeo/stage';

/** Executes a job of a program, as `memgeo exec` does. */
const job = await readJob(process.argv[2]!);
const { status } = await executeJob(job, programStage(job.stage, job.program!), () => undefined);
process.exitCode = status === 'done' ? 0 : 1;
