import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { cp, mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { manifestName, verifyArtifact } from '@memgeo/artifacts/contract';
import { faultPoint } from '@memgeo/stage';
import type { Pipeline, Point } from '../planning/pipeline.js';
import { isOwnerAlive, type WorkPlace } from '../store/place.js';
import type { Result } from '../store/results.js';
import { removeTree } from '../store/remove-tree.js';
import type { Store } from '../store/store.js';
import { failureKindOf, StageFailure } from './failure.js';

const [longestName, digestLength] = [120, 8];

/** Copies a folder artifact, such as a report, to where people look for it. */
export async function exportResults(pipeline: Pipeline, point: Point, record: Result, options: { store: Store; resultsFolder: string }): Promise<string | undefined> {
  const { store, resultsFolder } = options;
  const folders = Object.entries(point.stage.outputs).filter(([, port]) => port.kind === 'folder' && port.isCollection !== true);
  const coordinates = Object.entries(point.coordinates).map(([axis, value]) => fileName(`${axis}=${value}`));
  let exported: string | undefined;
  for (const [name] of folders) {
    const output = record.outputs[name]!;
    if (!('digest' in output)) continue;
    const target = resolve(resultsFolder, pipeline.name, point.stageName, ...coordinates, ...(folders.length > 1 ? [fileName(name)] : []));
    await copyObject(store.objects.folder(output.digest), target, output.digest, store.place);
    exported = target;
  }
  return exported;
}

/** A name for a file on any system: what some can't have in it is written as %XX, and too long a name is cut and told apart by a digest. */
function fileName(text: string): string {
  const safe = Array.from(text, (character) => (/[\w=+.,@ -]/.test(character) ? character : encodeURIComponent(character).replaceAll(/[!'()*~]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`))).join('');
  const name = safe.replace(/^\.+|[. ]+$/g, (dots) => dots.replaceAll('.', '%2E').replaceAll(' ', '%20'));
  return name.length <= longestName ? name : `${name.slice(0, longestName - digestLength - 1)}-${createHash('sha256').update(text).digest('hex').slice(0, digestLength)}`;
}

/** @throws StageFailure that names the folder and what to do if it can't be written. */
async function copyObject(source: string, target: string, digest: string, place: WorkPlace): Promise<void> {
  const folder = dirname(target);
  try {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) if (/^\.\d+-\w+-[0-9a-f]{8}-\d+$/.test(name) && !(await isOwnerAlive(join(folder, name)))) await removeTree(join(folder, name));
    if (await isCopyOf(target, digest)) return;
    await requireReplaceable(target);
    const aside = place.freshBeside(target);
    try {
      // Shares the bytes where the file system can.
      await cp(source, aside, { recursive: true, mode: constants.COPYFILE_FICLONE });
      faultPoint('result-copied-aside');
      await replace(aside, target, digest, place);
    } finally {
      await removeTree(aside);
    }
    faultPoint('result-copied');
  } catch (cause) {
    throw new StageFailure(failureKindOf(cause), `The results can't be written to ${target}: ${(cause as Error).message}. Make the folder writable or choose another by --results. The result itself is safe in the store, ${source}.`, { cause });
  }
}

/** Puts a folder in the place of another, which goes only then. */
async function replace(aside: string, target: string, digest: string, place: WorkPlace): Promise<void> {
  for (;;) {
    const old = place.freshBeside(target);
    await rename(target, old).catch((cause: NodeJS.ErrnoException) => { if (cause.code !== 'ENOENT') throw cause; });
    faultPoint('result-cleared');
    try {
      await rename(aside, target);
      return;
    } catch (cause) {
      // Another run put its own there meanwhile.
      if (!['ENOTEMPTY', 'EEXIST'].includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
      if (await isCopyOf(target, digest)) return;
    } finally {
      await removeTree(old);
    }
  }
}

/** @throws Error if a folder holds what can't have been copied there: somebody's own files. */
async function requireReplaceable(target: string): Promise<void> {
  const foreign = await foreignFile(target);
  if (foreign !== undefined) throw new Error(`it holds a file that is no result, ${foreign}`);
}

/** A file that is in no folder with the manifest of an artifact; undefined if there is none, or nothing at all. */
async function foreignFile(folder: string): Promise<string | undefined> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => { if (cause.code === 'ENOENT') return []; throw cause; });
  if (entries.some(({ name }) => name === manifestName)) return undefined;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const foreign = entry.isDirectory() ? await foreignFile(path) : path;
    if (foreign !== undefined) return foreign;
  }
  return undefined;
}

async function isCopyOf(target: string, digest: string): Promise<boolean> {
  try {
    return (await verifyArtifact(target)).digest === digest;
  } catch {
    return false;
  }
}
