import { dirname } from 'node:path';
import { measureFile } from '../store/file-times.js';

/** Where something was looked for, found or not: a digest counts for as long as a look at the same places would find the same. */
export class Looks {
  readonly found = new Set<string>();
  readonly absent = new Set<string>();

  /** Whether there is a file. */
  at(path: string): boolean {
    if (this.found.has(path) || this.absent.has(path)) return this.found.has(path);
    const isFile = measureFile(path) !== undefined;
    (isFile ? this.found : this.absent).add(path);
    return isFile;
  }

  /** Path of the manifest of a package, in the nearest `node_modules` around who imports it. */
  manifest(name: string, importer: string): string | undefined {
    return foldersAround(importer).map((folder) => `${folder}/node_modules/${name}/package.json`).find((path) => this.at(path));
  }

  /** A file of code, with what says how it is to be read: the manifests around it, and a built one beside it, which would be taken instead. */
  source(path: string): void {
    this.at(path);
    for (const folder of foldersAround(path)) this.at(`${folder}/package.json`);
    if (/\.[cm]?ts$/.test(path)) this.at(path.replace(/ts$/, 'js'));
  }
}

/** Folders that a path lies in, from the innermost. */
function foldersAround(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder === '/' ? '' : folder, ...foldersAround(folder)];
}
