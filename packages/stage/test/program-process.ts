// Runs the job of a program in a process of its own, as the command does: see program-signals.test.ts.
import { executeJob, programStage, readJob } from '../src/index.js';

const job = await readJob(process.argv[2]!);
await executeJob(job, programStage(job.stage, job.program!), () => undefined);
