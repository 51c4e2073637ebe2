import { parentPort } from 'node:worker_threads';
import { Division, type Assignment } from './division.js';

/** A thread of {@link Threads}: does pieces of the work it is told until none is left. */
parentPort!.on('message', (assignment: Assignment) => void doPieces(assignment));

type Prepare = (context: unknown) => (index: number) => void;

/** What was loaded before is at hand at once: asking for it again may take milliseconds. */
const loaded = new Map<string, { readonly [name: string]: Prepare }>();

async function doPieces({ module, name, context, state }: Assignment): Promise<void> {
  const division = new Division(state);
  // If the work can't be loaded here, the other threads do it all.
  const known = loaded.get(module) ?? ((await import(module)) as { [name: string]: Prepare });
  loaded.set(module, known);
  let doPiece: ((index: number) => void) | undefined;
  for (let index = division.take(); index !== undefined; index = division.take()) {
    try {
      doPiece ??= known[name]!(context);
      doPiece(index);
      division.finish(index);
    } catch (cause) {
      division.fail(index, cause instanceof Error ? cause.message : String(cause));
    }
  }
}
