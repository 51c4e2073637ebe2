import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestValue } from '@memgeo/artifacts/contract';
import type { Plugin } from 'esbuild';
import { Looks } from './looks.js';

/** What a stage executes. */
export type StageCode = {
  /** Digest of the minified code with all it imports, and of the versions of external packages. */
  readonly digest: string;
  /** Absolute paths of the files of it that are ours; see {@link digestCodeFiles}. */
  readonly inputs: readonly string[];
};

/** Code that has been digested, and the absolute paths of all that the digest depends on: files that were found, and places where none was. */
export type DigestedCode = StageCode & { readonly found: readonly string[]; readonly absent: readonly string[] };

/** Digest of each file without comments and layout, by path from the folder of packages: to say which one changed. */
export type CodeFiles = { readonly [path: string]: string };

type PackageManifest = { readonly version: string; readonly dependencies?: { readonly [name: string]: string } };

/** Packages whose code is part of the digest, wherever they lie; of all others the version counts. */
const ownPackage = /^@memgeo\//;

/**
 * Digests what a stage executes: its entry bundled with the workspace code it reaches, without comments and layout, what it names by
 * `new URL('./x.js', import.meta.url)`, such as the code of its threads, and the versions of the external packages it imports, with theirs.
 *
 * A comment, a test, an unused function or another stage's code change nothing; one expression in an imported function does. No
 * path of the machine enters.
 */
export async function digestCode(entry: string): Promise<DigestedCode> {
  const looks = new Looks();
  const importers = new Map<string, string>();
  const bundles: string[] = [];
  const inputs = new Set<string>();
  const begun = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (begun.has(path)) return;
    begun.add(path);
    if (!/\.[cm]?[jt]s$/.test(path)) {
      bundles.push(createHash('sha256').update(await readFile(path)).digest('hex'));
      return;
    }
    const { code, read, left } = await bundle(path, (name, importer) => {
      if (ownPackage.test(name)) looks.manifest(name, importer);
      else importers.set(name, importer);
    });
    bundles.push(createHash('sha256').update(code).digest('hex'));
    for (const file of read) inputs.add(file);
    for (const named of (await Promise.all(left.map((file) => namedFiles(file, looks)))).flat()) await visit(named);
  };
  await visit(entry);
  for (const path of inputs) looks.source(path);
  const versions: { [name: string]: string } = {};
  for (const [name, importer] of importers) collectVersions(name, importer, { versions, looks });
  // What digests, too: another version of it may say the same of the same code in another way.
  const own = fileURLToPath(import.meta.url);
  looks.at(own);
  looks.manifest('esbuild', own);
  return { digest: digestValue({ code: bundles.sort(), versions }), inputs: [...inputs], found: [...looks.found], absent: [...looks.absent] };
}

/** Under which conditions packages export their code here: their sources, or what is built of them. */
export const exportConditions: readonly string[] = process.execArgv.includes('--conditions=@memgeo/source') ? ['@memgeo/source'] : [];

/** Bundles what is ours of an entry: from the files that were read, and those that something is left of. Tells of each package that is imported, and by whom. */
async function bundle(entry: string, onPackage: (name: string, importer: string) => void): Promise<{ code: Uint8Array; read: string[]; left: string[] }> {
  // Loaded late: where all code is known, nothing is bundled.
  const { build } = await import('esbuild');
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    // What a tsconfig.json around the code says is for its compiler, and may be someone else's.
    tsconfigRaw: '{}',
    conditions: [...exportConditions],
    legalComments: 'none',
    sourcemap: false,
    treeShaking: true,
    logLevel: 'silent',
    absWorkingDir: dirname(entry),
    plugins: [externalPackages(onPackage)],
  });
  const absolute = (path: string) => (isAbsolute(path) ? path : join(dirname(entry), path));
  const left = Object.values(result.metafile.outputs).flatMap((output) => Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => absolute(path)));
  return { code: result.outputFiles[0]!.contents, read: Object.keys(result.metafile.inputs).map(absolute), left };
}

const namedByUrl = /new URL\(([^()]*?),\s*import\.meta\.url\)/g;

/** Files that a module names by their place beside it. Which version a package has is not part of what it executes. */
async function namedFiles(path: string, looks: Looks): Promise<string[]> {
  const text = await readFile(path, 'utf8');
  const names = [...text.matchAll(namedByUrl)].flatMap(([, expression]) => [...expression!.matchAll(/['"](\.{1,2}\/[^'"]+)['"]/g)].map((match) => match[1]!));
  return names.map((name) => join(dirname(path), name)).filter((named) => basename(named) !== 'package.json' && looks.at(named));
}

/** Leaves packages that are not ours out of the bundle. */
function externalPackages(onPackage: (name: string, importer: string) => void): Plugin {
  return {
    name: 'external-packages',
    setup: ({ onResolve }) => onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
      if (kind === 'entry-point') return undefined;
      if (!path.startsWith('node:')) onPackage(packageName(path), importer);
      return ownPackage.test(path) ? undefined : { path, external: true };
    }),
  };
}

/** Adds the version of a package and of what it depends on; packages that are not installed are left out. */
function collectVersions(name: string, importer: string, into: { versions: { [name: string]: string }; looks: Looks }): void {
  const path = into.looks.manifest(name, importer);
  if (path === undefined) return;
  const { version, dependencies } = JSON.parse(readFileSync(path, 'utf8')) as PackageManifest;
  const key = `${name}@${version}`;
  if (key in into.versions) return;
  into.versions[key] = version;
  for (const dependency of Object.keys(dependencies ?? {})) collectVersions(dependency, path, into);
}

function packageName(path: string): string {
  return path.split('/').slice(0, path.startsWith('@') ? 2 : 1).join('/');
}

/** Digests the files of a stage's code one by one; worth its time only where a stage runs or a change is explained. */
export async function digestCodeFiles(paths: readonly string[]): Promise<CodeFiles> {
  const { transform } = await import('esbuild');
  const entries = await Promise.all(paths.map(async (path) => {
    const { code } = await transform(await readFile(path, 'utf8'), { loader: path.endsWith('.ts') ? 'ts' : 'js', minify: true, legalComments: 'none', logLevel: 'silent' });
    return [placeOf(path), createHash('sha256').update(code).digest('hex').slice(0, 16)] as const;
  }));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A file as its package and its path in the source, the same for sources and built files. */
function placeOf(path: string): string {
  let folder = dirname(path);
  while (folder !== dirname(folder)) {
    try {
      const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string };
      return `${name ?? ''}/${relative(folder, path).replace(/^dist\//, 'src/').replace(/\.js$/, '.ts')}`;
    } catch {
      folder = dirname(folder);
    }
  }
  return path.split('/').at(-1)!;
}
