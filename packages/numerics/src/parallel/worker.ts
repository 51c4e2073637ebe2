import { parentPort } from 'node:worker_threads';
import { Division, type Assignment } from './division.js';

/** A thread of {@link Threads}: does pieces of the work it is told until none is left. */
parentPort!.on('message', (assignment: Assignment) => void doPieces(assignment));

async function doPieces({ module, name, context, state }: Assignment): Promise<void> {
  const division = new Division(state);
  // If the work can't be loaded here, the other threads do it all.
  const { [name]: prepare } = (await import(module)) as { [name: string]: (context: unknown) => (index: number) => void };
  let doPiece: ((index: number) => void) | undefined;
  for (let index = division.take(); index !== undefined; index = division.take()) {
    try {
      doPiece ??= prepare!(context);
      doPiece(index);
      division.finish(index);
    } catch (cause) {
      division.fail(index, cause instanceof Error ? cause.message : String(cause));
    }
  }
}
