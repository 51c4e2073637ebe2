import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ArtifactError, readManifest, readTensor, tableToCsv, writeNpyTensor, writeRowsCsv } from '@memgeo/artifacts';
import type { InputLocation, InputPoint } from '../definition/ports.js';
import { StageError } from '../execution/stage-error.js';
import { toldPath } from './program-job.js';
import type { Program } from './program.js';

type How = { readonly format: Format; readonly told: (path: string) => string };
type Format = NonNullable<Program['formats'][string]>;
/** What fills an input of a job. */
export type Supplied = InputLocation | readonly InputPoint[];

/** Where a program finds an input: one path, a path by member or part, or one of these for each point of a fan-in. */
export type ProgramLocation = { readonly path: string } | { readonly paths: { readonly [member: string]: string } };
export type ProgramInput = string | { readonly [member: string]: string } | readonly ({ readonly coordinates: InputPoint['coordinates'] } & ProgramLocation)[];

export type ProgramInputs = {
  readonly inputs: { readonly [name: string]: ProgramInput };
  /** One path each: the file or the artifact; of several, a folder that holds each under its name. */
  readonly folders: { readonly [name: string]: string };
};

const safeName = /^\w[\w=,+.-]{0,119}$/;

/**
 * Makes the files that a program reads its inputs from.
 *
 * @param options.folder  Receives them; inputs that are read as artifacts stay where they are, and several get links here. Paths to what
 *   is made are told relative to the folder it is in.
 * @throws StageError that names the input if it isn't of the kind its format asks for.
 */
export async function makeProgramInputs(supplied: { readonly [name: string]: Supplied | undefined }, { formats, folder }: { formats: Program['formats']; folder: string }): Promise<ProgramInputs> {
  const told = (path: string): string => toldPath(path, dirname(folder));
  const inputs: { [name: string]: ProgramInput } = {};
  const folders: { [name: string]: string } = {};
  await mkdir(folder);
  for (const [name, given] of Object.entries(supplied)) {
    if (given === undefined) continue;
    if (!/^[A-Za-z][\w-]*$/.test(name)) throw new StageError(`The name of an input must begin with a letter and hold letters, digits, "-" and "_" only; got ${JSON.stringify(name)}.`);
    const format = (Object.hasOwn(formats, name) ? formats[name] : undefined) ?? 'artifact';
    try {
      const made = await (isFanIn(given) ? placePoints(given, join(folder, name), { format, told }) : placeOne(given, join(folder, name), { format, told }));
      inputs[name] = made.input;
      folders[name] = told(made.at);
    } catch (cause) {
      if (!(cause instanceof ArtifactError)) throw cause;
      throw new StageError(`The input ${name} can't be given as ${format}: ${cause.message}`, { cause });
    }
  }
  return { inputs, folders };
}

function isFanIn(given: Supplied): given is readonly InputPoint[] {
  return Array.isArray(given);
}

async function placeOne(location: InputLocation, at: string, how: How): Promise<{ input: string | { readonly [member: string]: string }; at: string }> {
  if (typeof location === 'string') {
    const path = await placeArtifact(location, at, how.format);
    return { input: how.told(path), at: path };
  }
  const paths = await placeMembers(location, at, how);
  return { input: paths, at };
}

async function placePoints(points: readonly InputPoint[], at: string, how: How): Promise<{ input: ProgramInput; at: string }> {
  await mkdir(at);
  const nameOf = distinctFileNames();
  const input: ({ readonly coordinates: InputPoint['coordinates'] } & ProgramLocation)[] = [];
  for (const { coordinates, location } of points) {
    const name = join(at, nameOf(Object.entries(coordinates).map(([axis, value]) => `${axis}=${value}`).join(',')));
    if (typeof location === 'string') input.push({ coordinates, path: await placeLinked(location, name, how) });
    else input.push({ coordinates, paths: await placeMembers(location, name, how) });
  }
  return { input, at };
}

async function placeMembers(members: { readonly [name: string]: string }, at: string, how: How): Promise<{ readonly [name: string]: string }> {
  await mkdir(at);
  const nameOf = distinctFileNames();
  const paths: [string, string][] = [];
  for (const [name, location] of Object.entries(members)) paths.push([name, await placeLinked(location, join(at, nameOf(name)), how)]);
  return Object.fromEntries(paths);
}

/** As {@link placeArtifact}, but what stays where it is gets a link. */
async function placeLinked(artifact: string, at: string, { format, told }: How): Promise<string> {
  const path = await placeArtifact(artifact, at, format);
  if (path === artifact) await symlink(artifact, at);
  return told(path);
}

/** Makes a file of an artifact, or leaves it as it is. @returns where a program reads it. */
async function placeArtifact(artifact: string, at: string, format: Format): Promise<string> {
  if (format === 'artifact') return artifact;
  if (format === 'csv') {
    await tableToCsv(artifact, `${at}.csv`);
    return `${at}.csv`;
  }
  const { kind, schema } = await readManifest(artifact);
  if (kind !== 'tensor') throw new ArtifactError(`${artifact} must be a tensor; it is a ${kind} of schema ${schema}.`, { path: artifact });
  const tensor = await readTensor(artifact, { schema });
  await writeNpyTensor(`${at}.npy`, tensor);
  if (Object.keys(tensor.rows).length > 0) await writeRowsCsv(`${at}.rows.csv`, tensor.rows);
  return `${at}.npy`;
}

/** Names files after members and points; by number what is no plain name, or differs from another only in capitals. */
function distinctFileNames(): (name: string) => string {
  const taken = new Set<string>();
  let number = 0;
  return (name) => {
    number++;
    let chosen = safeName.test(name) ? name : `number-${number}`;
    while (taken.has(chosen.toLowerCase())) chosen = `${chosen}-${number}`;
    taken.add(chosen.toLowerCase());
    return chosen;
  };
}
