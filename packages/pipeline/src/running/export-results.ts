import { constants } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { verifyArtifact } from '@memgeo/artifacts/contract';
import { faultPoint } from '@memgeo/stage';
import type { Pipeline, Point } from '../planning/pipeline.js';
import { isOwnerAlive, type WorkPlace } from '../store/place.js';
import type { ActionRecord } from '../store/record.js';
import type { Store } from '../store/store.js';
import { StageFailure } from './failure.js';

const longestName = 120;

/** Copies a folder artifact, such as a report, to where people look for it. */
export async function exportResults(pipeline: Pipeline, point: Point, record: ActionRecord, options: { store: Store; resultsFolder: string }): Promise<string | undefined> {
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

/** A name for a file on any system: what some can't have in it is written as %XX, and too long a name is cut. */
function fileName(text: string): string {
  const safe = Array.from(text, (character) => (/[\w=+.,@ -]/.test(character) ? character : encodeURIComponent(character).replaceAll(/[!'()*~]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`))).join('');
  return safe.replace(/^\.+|[. ]+$/g, (dots) => dots.replaceAll('.', '%2E').replaceAll(' ', '%20')).slice(0, longestName);
}

/** @throws StageFailure that names the folder and what to do if it can't be written. */
async function copyObject(source: string, target: string, digest: string, place: WorkPlace): Promise<void> {
  const folder = dirname(target);
  try {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) if (/^\.\d+-\w+-[0-9a-f]{8}-\d+$/.test(name) && !(await isOwnerAlive(join(folder, name)))) await rm(join(folder, name), { recursive: true, force: true });
    if (await isCopyOf(target, digest)) return;
    const aside = place.freshBeside(target);
    try {
      // Shares the bytes where the file system can.
      await cp(source, aside, { recursive: true, mode: constants.COPYFILE_FICLONE });
      faultPoint('result-copied-aside');
      await replace(aside, target, digest, place);
    } finally {
      await rm(aside, { recursive: true, force: true }).catch(() => undefined);
    }
    faultPoint('result-copied');
  } catch (cause) {
    throw new StageFailure('runner', `The results can't be written to ${target}: ${(cause as Error).message}. Make the folder writable or choose another by --results. The result itself is safe in the store, ${source}.`, { cause });
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
      await rm(old, { recursive: true, force: true });
    }
  }
}

async function isCopyOf(target: string, digest: string): Promise<boolean> {
  try {
    return (await verifyArtifact(target)).digest === digest;
  } catch {
    return false;
  }
}
