import { existsSync } from 'node:fs';
import { artifactOf, Executions, findArtifact, HistoryError, lineageDown, lineageUp, RecordIndex, runsNewestFirst, Store, type Found } from '@memgeo/pipeline';
import { printJson } from '../printing/json.js';
import { describeLineage } from '../printing/lineage-text.js';
import { Page } from '../printing/page.js';
import { DefaultParams } from '../inputs/default-params.js';
import { UserError } from '../user-error.js';
import { artifactAtPath } from './artifact-at-path.js';
import type { StoreOption } from './store-option.js';

/** Says from what an artifact was made, back to the data, or with `--down` what was made from it. */
export async function lineage(name: string, options: StoreOption & { down?: boolean; json?: boolean }): Promise<number> {
  const store = Store.openForReading(options.store);
  const index = new RecordIndex(store);
  const found = await find(name, store, index);
  const context = { index, executions: new Executions(runsNewestFirst(store)) };
  const graph = options.down === true ? lineageDown(found, context) : lineageUp(found, context);
  if (options.json === true) printJson({ name, digest: found.kind === 'artifact' ? found.digest : null, ...graph, actions: [...graph.actions.values()] });
  else describeLineage(found, graph, await DefaultParams.of(graph.actions.values()), new Page()).print();
  return 0;
}

async function find(name: string, store: Store, index: RecordIndex): Promise<Found> {
  const artifact = existsSync(name) ? await artifactAtPath(name) : undefined;
  if (artifact) {
    const found = artifactOf(artifact.digest, index);
    if (found.made || index.usersOf(found.digest).length > 0) return found;
    throw new UserError(`${artifact.folder} is an artifact (${artifact.digest}), but no action in the store ${store.folder} made or used it. If it comes from another store, name that by --store.`);
  }
  try {
    return findArtifact(name, { store, index });
  } catch (cause) {
    if (cause instanceof HistoryError && existsSync(name)) throw new UserError(`${name} is there, but is no artifact or part of one; and the store has none of that name.`, { cause });
    throw cause;
  }
}
