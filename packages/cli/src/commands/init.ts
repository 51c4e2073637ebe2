import { lstatSync, readdirSync, readFileSync, statSync, type Stats } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pipelineJsonSchema } from '@memgeo/pipeline';
import { installedStages } from '../catalog/installed-stages.js';
import { UserError } from '../user-error.js';
import { packedPackages } from './init-packages.js';

const template = fileURLToPath(new URL('../../templates/experiment/', import.meta.url));
/** Where each file of the template goes. npm leaves out files named .gitignore, so it has another name there. */
const files = { 'pipeline.yaml': 'pipeline.yaml', 'programs/summary.mjs': 'programs/summary.mjs', 'README.md': 'README.md', gitignore: '.gitignore' } as const;

/** Makes a folder with a small experiment that runs: a pipeline, a program, and what npm and editors need. */
export async function init(path: string, options: { readonly packages?: string }): Promise<number> {
  const folder = resolve(path);
  const made = checkFolder(folder);
  const name = nameOf(folder);
  const dependencies = options.packages === undefined ? { '@memgeo/cli': `^${ownVersion()}` } : packedPackages(options.packages, folder);
  const catalog = installedStages();
  const stages = [];
  for (const id of catalog.ids) stages.push(await catalog.load(id));
  const contents: { [file: string]: string } = {
    'package.json': `${JSON.stringify({ name: name.toLowerCase(), version: '0.0.0', private: true, type: 'module', dependencies }, null, 2)}\n`,
    'memgeo.schema.json': `${JSON.stringify(pipelineJsonSchema(stages))}\n`,
    '.vscode/settings.json': `${JSON.stringify({ 'yaml.schemas': { './memgeo.schema.json': 'pipeline.yaml' } }, null, 2)}\n`,
  };
  for (const [from, to] of Object.entries(files)) contents[to] = readFileSync(join(template, from), 'utf8').replaceAll('__NAME__', name);
  const written: string[] = [];
  try {
    for (const [file, content] of Object.entries(contents)) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), content, { flag: 'wx' });
      written.push(file);
    }
  } catch (cause) {
    for (const file of written) await rm(join(folder, file), { force: true });
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw new UserError(`The experiment can't be written to ${folder}: ${(cause as Error).message}. Choose a folder that can be written.`, { cause });
  }
  const inside = relative(process.cwd(), folder);
  const shown = inside.startsWith('..') ? folder : inside;
  process.stdout.write(`${[`An experiment is in ${folder}:`, ...written.sort().map((file) => `  ${file}`), 'To run it:', ...(shown === '' ? [] : [`  cd ${quoted(shown)}`]), '  npm install', '  npx memgeo run pipeline.yaml'].join('\n')}\n`);
  return 0;
}

/** @returns the outermost folder that will be made; undefined if the folder is there. @throws UserError if it is of no use. */
function checkFolder(folder: string): string | undefined {
  let missing: string | undefined;
  for (let at = folder; ; at = dirname(at)) {
    const found = look(at, statSync);
    if (found === undefined && look(at, lstatSync)?.isSymbolicLink() === true) throw new UserError(`${at} is a link to nothing. Choose another folder.`);
    if (found?.isDirectory() === true) break;
    if (found) throw new UserError(`${at} is a file, so ${at === folder ? 'no folder of this name' : `the folder ${folder}`} can be made. Choose another folder.`);
    missing = at;
  }
  if (missing !== undefined) return missing;
  const there = readdirSync(folder);
  if (there.length > 0) throw new UserError(`${folder} must be empty or not there; it holds ${there.slice(0, 5).join(', ')}${there.length > 5 ? ` and ${there.length - 5} more` : ''}. Choose another folder, so that nothing is overwritten.`);
  return undefined;
}

/** Undefined if there is nothing, also because a file stands in the way. */
function look(path: string, how: (path: string) => Stats): Stats | undefined {
  try {
    return how(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UserError(`The folder can't be made: ${message}. Choose another.`, { cause });
  }
}

/** A name that pipelines and packages may have, after the folder. */
function nameOf(folder: string): string {
  const name = basename(folder).replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z]+|-+$/g, '').slice(0, 64);
  return name === '' || /^(con|nul|aux|prn|com\d|lpt\d|node_modules)$/i.test(name) ? 'experiment' : name;
}

function ownVersion(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}

function quoted(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
