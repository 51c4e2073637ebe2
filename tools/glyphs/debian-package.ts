import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A Debian package, unpacked: its version, the folder of its fonts and the text of its copyright file. */
export type UnpackedPackage = { readonly package: string; readonly version: string; readonly folder: string; readonly copyright: string };

/**
 * Downloads a package of the configured Debian suite with `apt-get download` and unpacks it, unless the cache has it.
 *
 * @param name  Name of a binary package.
 * @param cache  Folder outside the repository: packages are kept in `debs`, their contents in `unpacked`.
 * @throws Error if apt-get or dpkg fails; both need Debian or a derivative.
 */
export function fetchPackage(name: string, cache: string): UnpackedPackage {
  const debs = join(cache, 'debs');
  mkdirSync(debs, { recursive: true });
  let deb = findDeb(debs, name);
  if (deb === undefined) {
    execFileSync('apt-get', ['download', '-q', name], { cwd: debs, stdio: ['ignore', 'ignore', 'inherit'] });
    deb = findDeb(debs, name);
    if (deb === undefined) throw new Error(`fetchPackage: ${name} must come from apt-get download; got no file. Run apt-get update first.`);
  }
  const folder = join(cache, 'unpacked', name);
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('dpkg', ['-x', join(debs, deb), folder]);
  }
  const copyright = readFileSync(join(folder, 'usr/share/doc', name, 'copyright'), 'utf8');
  return { package: name, version: decodeURIComponent(deb.split('_')[1]!), folder, copyright };
}

function findDeb(folder: string, name: string): string | undefined {
  return readdirSync(folder).find((file) => file.startsWith(`${name}_`) && file.endsWith('.deb'));
}
