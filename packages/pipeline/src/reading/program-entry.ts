import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Json } from '@memgeo/artifacts';
import { programOutputFault, programStage, type AnyStage, type InputPort } from '@memgeo/stage';
import type { Point } from '../planning/pipeline.js';
import { splitCommand } from './command-line.js';
import type { KeyPath } from './document.js';
import { interpolate, mentionsMatrix, type Scope } from './expressions.js';
import { programKeys } from './file-schema.js';
import { show } from './names.js';
import type { JsonMap, Reading } from './reading.js';
import { findOutput, resolveReference, type Upstream } from './supply-inputs.js';
import { nearest } from './validate.js';

const prefix = 'exec:';

export function isProgram(uses: string): boolean {
  return uses.startsWith(prefix);
}

/** @throws PipelineError if the entry of an installed stage has a key that only programs have. */
export function requireNoProgramKeys(name: string, reading: Reading): void {
  const entry = reading.content.stages[name]!;
  const key = programKeys.find((one) => entry[one] !== undefined);
  if (key !== undefined) reading.fail(`only a program (uses: exec:...) takes "${key}"; ${entry.uses} is an installed stage, which declares what it needs. Remove it.`, ['stages', name, key]);
}

/**
 * Reads a stage that is a program of the user's: the stage it stands for, and for each point how it is called.
 *
 * @param scope  Values at one of its points; what kinds its inputs have is the same at all of them.
 */
export function readProgram(name: string, scope: Scope, { upstream, reading }: { upstream: Upstream; reading: Reading }): { stage: AnyStage; programAt: (scope: Scope) => Point['program'] } {
  const entry = reading.content.stages[name]!;
  const keysOf = (...inside: (string | number)[]): KeyPath => ['stages', name, ...inside];
  const outputs = entry.outputs ?? {};
  if (Object.keys(outputs).length === 0) {
    reading.fail('a program must declare what it writes. Add outputs: { NAME: { kind: table, schema: NAME@1, format: csv, columns: { ... } } }.', keysOf(...(entry.outputs ? ['outputs'] : [])));
  }
  const inputs = Object.fromEntries(Object.entries(entry.in).map(([port, texts]) => [port, readPort([texts].flat(), { name, port, scope }, { upstream, reading })]));
  requireFormats(name, inputs, reading);
  const { command, code } = readCommand(name, reading);
  const declare = (at: Scope): NonNullable<Point['program']> => ({ code, declaration: { command, formats: entry.formats ?? {}, outputs, env: readEnv(name, at, reading) } });
  const first = declare(scope);
  const isSame = !mentionsMatrix((entry.env ?? {}) as Json);
  return { stage: programStage(entry.uses, first.declaration, inputs), programAt: (at) => (isSame ? first : declare(at)) };
}

/** The words of the command, with files as absolute paths, and the files and folders that are its code. */
function readCommand(name: string, reading: Reading): { command: string[]; code: { [name: string]: string } } {
  const { uses, watch = [] } = reading.content.stages[name]!;
  const keys = ['stages', name, 'uses'];
  const folder = dirname(resolve(reading.file.path));
  if (uses.includes('${')) reading.fail('a command can\'t hold expressions. Give the program its values by with or env.', keys);
  let words: string[] = [];
  try {
    words = splitCommand(uses.slice(prefix.length));
  } catch (cause) {
    reading.fail(`a command line ${(cause as Error).message}; got ${show(uses)}.`, keys);
  }
  const files = words.filter((word) => /^\.\.?\//.test(word));
  const code = [...files.map((path) => ({ path, keys: keys as KeyPath })), ...watch.map((path, index) => ({ path, keys: ['stages', name, 'watch', index] as KeyPath }))];
  for (const { path, keys: at } of code) requireFile(path, resolve(folder, path), { isProgram: path === words[0] && at === keys, keys: at, reading });
  return { command: words.map((word) => (files.includes(word) ? resolve(folder, word) : word)), code: Object.fromEntries(code.map(({ path }) => [path, resolve(folder, path)])) };
}

function requireFile(name: string, path: string, { isProgram: isStarted, keys, reading }: { isProgram: boolean; keys: KeyPath; reading: Reading }): void {
  const found = name.includes('\0') ? undefined : statSync(path, { throwIfNoEntry: false });
  if (!found) return reading.fail(`there is no file ${show(name)} (${show(path)}). Correct the path; it is relative to the pipeline file.`, keys);
  if (!found.isFile() && (isStarted || !found.isDirectory())) return reading.fail(`${show(name)} must be a file${isStarted ? '' : ' or a folder'}.`, keys);
  if (!isStarted) return;
  try {
    accessSync(path, constants.X_OK);
  } catch {
    reading.fail(`${show(name)} can't be started, because it is not executable. Run chmod +x ${name}, or name the program that reads it, as in exec:python3 ${name}.`, keys);
  }
}

/** What flows into an input of a program: what the outputs it refers to are. */
function readPort(texts: readonly string[], { name, port, scope }: { name: string; port: string; scope: Scope }, { upstream, reading }: { upstream: Upstream; reading: Reading }): InputPort {
  const keys = ['stages', name, 'in', port];
  const isList = Array.isArray(reading.content.stages[name]!.in[port]);
  const ports = texts.map((text, index) => {
    const { reference, from, fail } = resolveReference(text, { keys: isList ? [...keys, index] : keys, scope, upstream, reading });
    const { output } = findOutput(reference, from.stage, { fail });
    const form = output.isCollection === true && reference.member === undefined ? 'collection' as const : 'artifact' as const;
    return { form, kind: output.kind, schema: output.schema, description: output.description, isMany: isList || !from.isSingle(reference.selection) };
  });
  const [first, ...others] = ports;
  const other = others.find(({ form, kind, schema }) => form !== first!.form || kind !== first!.kind || schema !== first!.schema);
  const describe = ({ form, kind, schema }: (typeof ports)[number]): string => `a ${form === 'collection' ? 'collection of ' : ''}${kind} of schema ${schema}`;
  if (other) reading.fail(`all references of an input must be of one kind and schema; got ${describe(first!)} and ${describe(other)}.`, keys);
  return first!;
}

/** A table can be read as CSV, a tensor as NPY; how outputs are written must fit what they are. */
function requireFormats(name: string, inputs: { readonly [port: string]: InputPort }, reading: Reading): void {
  const { formats = {}, outputs = {} } = reading.content.stages[name]!;
  const kinds = { csv: 'table', npy: 'tensor' } as const;
  for (const [port, format] of Object.entries(formats)) {
    const keys = ['stages', name, 'formats', port];
    if (!Object.hasOwn(inputs, port)) throw reading.file.error(`unknown input "${port}" in stages.${name}.formats.${nearest(port, Object.keys(inputs))}`, keys);
    const { kind } = inputs[port] as { kind: string };
    if (format !== 'artifact' && kind !== kinds[format]) reading.fail(`only a ${kinds[format]} can be read as ${format}; "${port}" is a ${kind}. Read it as artifact.`, keys);
  }
  for (const [output, declared] of Object.entries(outputs)) {
    const fault = programOutputFault(declared);
    if (fault !== undefined) reading.fail(`${fault}.`, ['stages', name, 'outputs', output]);
  }
}

function readEnv(name: string, scope: Scope, reading: Reading): { [name: string]: string } {
  const keys = ['stages', name, 'env'];
  const env = interpolate((reading.content.stages[name]!.env ?? {}) as Json, reading.filling(scope), keys) as JsonMap;
  return Object.fromEntries(Object.entries(env).map(([variable, value]) => {
    if (variable.startsWith('MEMGEO_')) return reading.fail('variables that begin with MEMGEO_ are the runner\'s own. Choose another name.', [...keys, variable]);
    if (value === null || typeof value === 'object' || String(value).includes('\0')) return reading.fail(`must be a text or a number; got ${show(value)}.`, [...keys, variable]);
    return [variable, String(value)];
  }));
}
