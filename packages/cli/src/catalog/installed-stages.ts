import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { StageCatalog } from '@memgeo/pipeline';
import type { AnyStage } from '@memgeo/stage';

/**
 * Finds the stages of the installed packages: `@memgeo/PACKAGE/stages/NAME` defines the stage `PACKAGE/NAME`, and
 * the package names it under `memgeo.stages` of its package.json.
 */
export function installedStages(): StageCatalog {
  const own = readManifest(new URL('../../package.json', import.meta.url));
  const entries = new Map<string, string>();
  for (const dependency of Object.keys(own.dependencies ?? {})) {
    if (!dependency.startsWith('@memgeo/')) continue;
    const manifest = readManifest(new URL(import.meta.resolve(`${dependency}/package.json`)));
    for (const name of manifest.memgeo?.stages ?? []) entries.set(`${dependency.slice('@memgeo/'.length)}/${name}`, import.meta.resolve(`${dependency}/stages/${name}`));
  }
  const entryOf = (id: string): string => {
    const entry = entries.get(id);
    if (entry === undefined) throw new Error(`There is no stage "${id}" installed. Installed: ${[...entries.keys()].sort().join(', ')}.`);
    return entry;
  };
  return {
    ids: [...entries.keys()].sort(),
    entry: (id) => fileURLToPath(entryOf(id)),
    load: async (id) => ((await import(entryOf(id))) as { stage: AnyStage }).stage,
  };
}

function readManifest(url: URL): { dependencies?: { [name: string]: string }; memgeo?: { stages?: string[] } } {
  return JSON.parse(readFileSync(url, 'utf8')) as { dependencies?: { [name: string]: string }; memgeo?: { stages?: string[] } };
}
