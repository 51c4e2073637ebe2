import { chmod, lstat, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ArtifactError, csvToTable, listFiles, manifestName, readNpyTensor, readRowsCsv, readTableFile, readTensorFile, sealArtifact, verifyArtifact, writeTensor,
} from '@memgeo/artifacts';
import { StageError } from '../execution/stage-error.js';
import { outputPath } from './program-job.js';
import { printable } from './program-failure.js';
import { tableOf, type Program, type ProgramOutput } from './program.js';

const ownerMay = 0o700;

const rowsOf = (name: string): string => `${name}.rows.csv`;

/**
 * Makes artifacts of what a program wrote.
 *
 * @param folder  Where it wrote. Folders are moved away from here.
 * @param outputs  Where each artifact is to be.
 * @throws StageError of kind `bad-output` if anything is missing, undeclared, a link, or not what it was declared as.
 */
export async function collectProgramOutputs(program: Program, folder: string, outputs: { readonly [name: string]: string }): Promise<void> {
  const declared = Object.entries(program.outputs);
  try {
    await checkFiles(program, folder);
    // What is converted leaves the program's own files where they are, for whoever looks into a failure.
    const isMoved = ({ format }: ProgramOutput): boolean => format === 'artifact' || format === 'folder';
    for (const [name, output] of declared) if (!isMoved(output)) await convert(name, output, { folder, artifact: outputs[name]! });
    for (const [name, output] of declared) if (isMoved(output)) await seal(name, output, join(folder, name));
    for (const [name, output] of declared) if (isMoved(output)) await rename(join(folder, name), outputs[name]!);
  } catch (cause) {
    if (cause instanceof ArtifactError || cause instanceof RangeError || cause instanceof TypeError) throw badOutput(shownTo(folder, cause.message), cause);
    throw cause;
  }
}

/** Without the place of the work, which is another one when the message is read, and without the name of our function. */
function shownTo(folder: string, message: string): string {
  return message.replace(/^[a-z]\w*: /, '').replaceAll(`${folder}/`, '');
}

function badOutput(message: string, cause?: Error): StageError {
  return new StageError(message, { kind: 'bad-output', cause });
}

/** Checks that each declared output is there, and nothing else, and nothing but files and folders. */
async function checkFiles(program: Program, folder: string): Promise<void> {
  const declared = Object.entries(program.outputs);
  const optional = declared.filter(([, { format }]) => format === 'npy').map(([name]) => rowsOf(name));
  const wanted = new Set([...declared.map(([name, output]) => outputPath('', name, output)), ...optional]);
  const present = await readdir(folder);
  const undeclared = present.find((name) => !wanted.has(name));
  if (undeclared !== undefined) {
    throw badOutput(`The program wrote ${JSON.stringify(undeclared)} into its outputs folder, which is declared nowhere. Declare it under outputs, or write it elsewhere; expected: ${declared.map(([name, output]) => outputPath('', name, output)).join(', ')}.`);
  }
  for (const [name, output] of declared) {
    const path = outputPath(folder, name, output);
    if (!present.includes(outputPath('', name, output))) throw badOutput(`The program did not write its output ${name}. It has to be at ${path}, as job.json and MEMGEO_OUTPUT_${name.replaceAll('-', '_')} say.`);
    const isFolder = (await lstat(path)).isDirectory();
    const mustBeFolder = output.format === 'artifact' || output.format === 'folder';
    if (isFolder !== mustBeFolder) throw badOutput(`The output ${name} must be a ${mustBeFolder ? 'folder' : 'file'}, because its format is ${output.format}; ${path} is ${isFolder ? 'a folder' : 'not'}.`);
  }
  for (const name of present) await refuseLinks(join(folder, name), name);
}

/** A link would bring in what lies elsewhere and may change later. */
async function refuseLinks(path: string, shown: string): Promise<void> {
  const file = await lstat(path);
  if (file.isDirectory()) {
    // What may not be written can't be moved, nor ever be removed.
    if ((file.mode & ownerMay) !== ownerMay) await chmod(path, file.mode | ownerMay);
    for (const bytes of await readdir(path, { encoding: 'buffer' })) {
      const name = bytes.toString();
      if (!Buffer.from(name).equals(bytes)) throw badOutput(`The output ${shown} has a file whose name is no UTF-8: ${JSON.stringify(name)}. Rename it.`);
      await refuseLinks(join(path, name), `${shown}/${name}`);
    }
    return;
  }
  const what = file.isSymbolicLink() ? 'a symbolic link' : !file.isFile() ? 'a pipe, a socket or a device' : file.nlink > 1 ? 'a hard link, which shares its content with another file' : undefined;
  if (what !== undefined) throw badOutput(`The outputs must be files and folders of their own; ${printable(shown)} is ${what}. Copy the content.`);
}

async function convert(name: string, output: ProgramOutput, { folder, artifact }: { folder: string; artifact: string }): Promise<void> {
  const path = outputPath(folder, name, output);
  if (output.format === 'csv') {
    await csvToTable(path, artifact, tableOf(output));
    return;
  }
  const tensor = await readNpyTensor(path);
  const hasRows = (await readdir(folder)).includes(rowsOf(name));
  await writeTensor(artifact, hasRows ? { ...tensor, rows: await readRowsCsv(join(folder, rowsOf(name))) } : tensor, { schema: output.schema });
}

/** Makes a folder an artifact. One that has a manifest already must agree with it. */
async function seal(name: string, { kind, schema, format }: ProgramOutput, path: string): Promise<void> {
  const files = await listFiles(path);
  if (files.length === 0) throw badOutput(`The program wrote nothing into its output ${name}, the folder ${path}.`);
  if (!files.includes(manifestName)) {
    await checkPayload(name, { kind, path, files });
    await sealArtifact(path, { kind, schema });
    return;
  }
  if (format === 'folder') throw badOutput(`The output ${name} must not hold a file ${manifestName}, which is memgeo's own. Rename it, or declare the output with format: artifact.`);
  const manifest = await verifyArtifact(path);
  if (manifest.kind !== kind || manifest.schema !== schema) throw badOutput(`The output ${name} must be a ${kind} of schema ${schema}; its ${manifestName} says ${manifest.kind} of schema ${manifest.schema}.`);
}

const payloads = { table: 'table.parquet', tensor: 'tensor.arrow' } as const;

/** Checks that files without a manifest are those of the declared kind. */
async function checkPayload(name: string, { kind, path, files }: { kind: ProgramOutput['kind']; path: string; files: readonly string[] }): Promise<void> {
  if (kind === 'folder') return;
  if (kind === 'tensor-set') throw badOutput(`The output ${name} must have its ${manifestName}: a tensor-set can't be told from its files.`);
  const wanted = payloads[kind];
  const odd = files.find((file) => file !== wanted);
  if (odd !== undefined) throw badOutput(`The output ${name}, a ${kind}, must hold the file ${wanted} alone; it holds ${JSON.stringify(odd)}.`);
  await (kind === 'table' ? readTableFile(join(path, wanted)) : readTensorFile(join(path, wanted)));
}
