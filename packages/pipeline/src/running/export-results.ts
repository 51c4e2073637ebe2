import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { verifyArtifact } from '@memgeo/artifacts';
import type { Pipeline, Point } from '../planning/pipeline.js';
import type { ActionRecord } from '../store/record.js';
import type { Store } from '../store/store.js';

/** Copies a folder artifact, such as a report, to where people look for it. */
export async function exportResults(pipeline: Pipeline, point: Point, record: ActionRecord, options: { store: Store; resultsFolder: string }): Promise<string | undefined> {
  const { store, resultsFolder } = options;
  const folders = Object.entries(point.stage.outputs).filter(([, port]) => port.kind === 'folder' && port.isCollection !== true);
  const coordinates = Object.entries(point.coordinates).map(([axis, value]) => `${axis}=${value}`);
  let exported: string | undefined;
  for (const [name] of folders) {
    const output = record.outputs[name]!;
    if (!('digest' in output)) continue;
    const target = resolve(resultsFolder, pipeline.name, point.stageName, ...coordinates, ...(folders.length > 1 ? [name] : []));
    await copyObject(store.objectFolder(output.digest), target, output.digest);
    exported = target;
  }
  return exported;
}

/** @throws Error that names the folder and what to do if it can't be written. */
async function copyObject(source: string, target: string, digest: string): Promise<void> {
  if (await isCopyOf(target, digest)) return;
  const partial = join(dirname(target), `.${basename(target)}-${process.pid}.partial`);
  try {
    await mkdir(dirname(target), { recursive: true });
    await rm(partial, { recursive: true, force: true });
    await cp(source, partial, { recursive: true });
    await rm(target, { recursive: true, force: true });
    await rename(partial, target);
  } catch (cause) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    throw new Error(`The results can't be written to ${target}: ${(cause as Error).message}. Make the folder writable or choose another by --results. The result itself is safe in the store, ${source}.`, { cause });
  }
}

async function isCopyOf(target: string, digest: string): Promise<boolean> {
  try {
    return (await verifyArtifact(target)).digest === digest;
  } catch {
    return false;
  }
}
