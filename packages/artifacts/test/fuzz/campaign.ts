import { ArtifactError } from '../../src/index.js';
import type { Format } from './formats.js';
import { mutate, seededRandom } from './mutate.js';

/** What became of the damaged files of a format. */
export type Outcome = { tried: number; read: number; refused: number; slowestMs: number; failures: string[] };

/** An error that a user may see: of the right kind, about the path, of one line, and nothing that a terminal obeys. */
const isClear = ({ message }: Error): boolean => /memgeo-fuzz-/.test(message) && !/[\u0000-\u001f\u007f-\u009f]|internal:/.test(message);

/**
 * Reads damaged files of one format in every way there is, and keeps what went wrong.
 *
 * @param options.watch  Runs one reader, to measure what it takes.
 */
export async function runCampaign({ original, readers }: Format, options: { count: number; seed: number; watch?: (work: () => Promise<void>, bytes: Buffer) => Promise<string | undefined> }): Promise<Outcome> {
  const outcome: Outcome = { tried: 0, read: 0, refused: 0, slowestMs: 0, failures: [] };
  const prototype = Object.getOwnPropertyNames(Object.prototype).join();
  for (let i = 0; i < options.count; i++) {
    const seed = options.seed * 1_000_003 + i;
    const bytes = mutate(original, seededRandom(seed));
    outcome.tried++;
    let isRead = false;
    const fail = (message: string): void => { outcome.failures.push(`seed ${seed}: ${message}`); };
    const started = performance.now();
    for (const reader of await readers(bytes)) {
      const attempt = async (): Promise<void> => {
        try {
          await reader();
          isRead = true;
        } catch (cause) {
          if (!(cause instanceof ArtifactError)) fail((cause as Error).stack ?? String(cause));
          else if (!isClear(cause)) fail(`unclear: ${cause.message}`);
        }
      };
      const excess = options.watch ? await options.watch(attempt, bytes) : await attempt();
      if (excess !== undefined) fail(excess);
    }
    outcome.slowestMs = Math.max(outcome.slowestMs, performance.now() - started);
    if (Object.getOwnPropertyNames(Object.prototype).join() !== prototype) fail('Object.prototype has changed');
    if (isRead) outcome.read++;
    else outcome.refused++;
  }
  return outcome;
}
