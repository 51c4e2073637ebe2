import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { manifestName, readManifest, reportSchema } from '@memgeo/artifacts/contract';
import { UserError } from '../user-error.js';

const mostNamed = 6;

/**
 * Finds the report that a folder is, or that stands in it as `report`.
 *
 * @returns its absolute path.
 * @throws UserError that names the reports below the folder if there are several.
 */
export async function findReport(folder: string): Promise<string> {
  if (!existsSync(folder)) throw new UserError(`${folder} does not exist. Reports stand in results/PIPELINE/report after memgeo run.`);
  for (const candidate of [folder, join(folder, 'report')]) if (await isReport(candidate)) return resolve(candidate);
  const below: string[] = [];
  for (const inner of [folder, join(folder, 'report')]) {
    if (!existsSync(inner)) continue;
    for (const { name } of await readdir(inner, { withFileTypes: true })) if (await isReport(join(inner, name))) below.push(join(inner, name));
  }
  const found = below.length === 0 ? 'Reports stand in results/PIPELINE/report after memgeo run.' : `Name reports in it: ${below.slice(0, mostNamed).join(' ')}${below.length > mostNamed ? ' ...' : ''}`;
  throw new UserError(`${folder} is no report. ${found}`);
}

async function isReport(folder: string): Promise<boolean> {
  return existsSync(join(folder, manifestName)) && (await readManifest(folder)).schema === reportSchema;
}

/** Names paths by the parts that tell them apart: what all begin or end with is left out, and folders that are always called so. */
export function distinctNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split(sep));
  const shortest = Math.min(...parts.map((one) => one.length));
  const isShared = (at: (one: readonly string[]) => string | undefined): boolean => new Set(parts.map(at)).size === 1;
  let [start, end] = [0, 0];
  while (start < shortest && isShared((one) => one[start])) start++;
  while (end < shortest - start && isShared((one) => one.at(-1 - end))) end++;
  return parts.map((one) => one.slice(start, one.length - end).filter((part) => part !== 'report' && part !== 'results').join('/') || one.slice(start, one.length - end).join('/'));
}
