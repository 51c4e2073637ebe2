import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { UserError } from '../user-error.js';

const ownPackage = /^memgeo-([a-z][a-z-]*)-(\d+\.\d+\.\d+\S*)\.tgz$/;

/**
 * Dependencies of a project that uses packages as `npm pack` wrote them, and no registry for these.
 *
 * @throws UserError if the folder has none, or one twice.
 */
export function packedPackages(folder: string, project: string): { [name: string]: string } {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (cause) {
    throw new UserError(`--packages must be a folder that can be read; got ${resolve(folder)}: ${(cause as Error).message}.`, { cause });
  }
  const dependencies: { [name: string]: string } = {};
  for (const name of names.sort()) {
    const packed = ownPackage.exec(name)?.[1];
    if (packed === undefined) continue;
    if (dependencies[`@memgeo/${packed}`] !== undefined) throw new UserError(`${resolve(folder)} holds @memgeo/${packed} more than once, as ${name}. Leave one of them.`);
    dependencies[`@memgeo/${packed}`] = `file:${relative(project, join(resolve(folder), name))}`;
  }
  if (dependencies['@memgeo/cli'] === undefined) throw new UserError(`--packages must be a folder with the files that npm pack makes, as memgeo-cli-0.1.0.tgz; ${resolve(folder)} has ${Object.keys(dependencies).length === 0 ? 'none' : 'no memgeo-cli'}.`);
  return dependencies;
}
