import { basename, isAbsolute } from 'node:path';
import { z } from 'zod';
import type { AnyStage } from '../definition/define-stage.js';
import { StageError } from '../execution/stage-error.js';
import { programSchema, type Program } from './program.js';

/** Raised when a program is called differently, or what it writes becomes something else. */
const contractVersion = 1;

/**
 * Makes a stage of a program in any language.
 *
 * It is called with the path of a job file as its last argument, reads its inputs as files that need no library, and leaves its outputs
 * where the job says. docs/any-language.md is the contract.
 *
 * @param id  As the pipeline names it, as in `exec:python3 ./summary.py`.
 * @param inputs  Its ports, where they are known; a job says where inputs lie without them.
 * @throws StageError if the declaration contradicts itself.
 */
export function programStage(id: string, declaration: z.input<typeof programSchema>, inputs: AnyStage['inputs'] = {}): AnyStage {
  const parsed = programSchema.safeParse(declaration);
  if (!parsed.success) throw new StageError(`${id}: the program must be declared as the contract says.\n${z.prettifyError(parsed.error)}`);
  const program = parsed.data;
  return {
    id,
    version: contractVersion,
    description: `The program ${programTitle(program)}.`,
    params: z.record(z.string(), z.json()),
    inputs,
    outputs: Object.fromEntries(Object.entries(program.outputs).map(([name, { kind, schema, description }]) => [name, { kind, schema, description }])),
    resources: { threads: 1 },
    run: async (context) => (await import('./run-program.js')).runProgram(program, context),
  };
}

/** The command line as its user knows it: without the folders of its files. */
export function programTitle({ command }: Pick<Program, 'command'>): string {
  return command.map((word) => (isAbsolute(word) ? basename(word) : word)).join(' ');
}
