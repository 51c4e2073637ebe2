import { canonicalEncoding, type Json } from '@memgeo/artifacts/contract';
import type { CodeFiles } from '../keys/code-digest.js';
import type { Action } from '../store/record.js';
import type { Reason } from './reasons.js';

const shownLength = 60;
const shownFiles = 3;

/**
 * Field-level differences between two actions.
 *
 * @param codeFiles  Of both, to say which file of the code changed; undefined where it is not known any more.
 * @returns at least one.
 */
export function differences(before: Action, after: Action, codeFiles: { before: CodeFiles | undefined; after: CodeFiles | undefined }): Reason[] {
  const reasons: Reason[] = [];
  if (before.stage !== after.stage) reasons.push({ kind: 'stage', field: 'uses', before: before.stage, after: after.stage, text: `uses ${before.stage} -> ${after.stage}` });
  else {
    if (before.version !== after.version) reasons.push({ kind: 'version', field: 'version', before: before.version, after: after.version, text: `version of ${after.stage} ${before.version} -> ${after.version}` });
    if (before.code !== after.code) reasons.push(...codeReasons(codeFiles));
  }
  reasons.push(...paramReasons('with', before.params, after.params));
  for (const name of namesOf(before.inputs, after.inputs)) {
    const [old, now] = [own(before.inputs, name) as Json | undefined, own(after.inputs, name) as Json | undefined];
    if (isSame(old, now)) continue;
    reasons.push({ kind: 'input', field: `in.${name}`, text: old === undefined ? `in.${name} is new` : now === undefined ? `in.${name} is gone` : describeInput(name, old, now) });
  }
  for (const name of namesOf(before.files, after.files)) {
    const [old, now] = [own(before.files, name), own(after.files, name)];
    if (old !== now) reasons.push({ kind: 'file', field: `files.${name}`, ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }), text: `the files of ${name} changed` });
  }
  return reasons.length > 0 ? reasons : [{ kind: 'format', text: 'the format of keys changed' }];
}

function codeReasons({ before, after }: { before: CodeFiles | undefined; after: CodeFiles | undefined }): Reason[] {
  if (!before || !after) return [{ kind: 'code', text: 'code changed' }];
  const changed = namesOf(before, after).filter((path) => own(before, path) !== own(after, path));
  if (changed.length === 0) return [{ kind: 'code', text: 'code changed: the version of a package it uses, or how it is called' }];
  const rest = changed.length - shownFiles;
  return [{ kind: 'code', field: changed.join(', '), text: `code changed: ${changed.slice(0, shownFiles).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}` }];
}

function paramReasons(path: string, before: Json | undefined, after: Json | undefined): Reason[] {
  if (isSame(before, after)) return [];
  if (isObject(before) && isObject(after)) return namesOf(before, after).flatMap((key) => paramReasons(`${path}.${key}`, own(before, key), own(after, key)));
  return [{ kind: 'param', field: path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }), text: `${path} ${show(before)} -> ${show(after)}` }];
}

/** Which points came to a fan-in or left it, or which parts are others. */
function describeInput(name: string, before: Json, after: Json): string {
  if (!Array.isArray(before) || !Array.isArray(after)) return `in.${name} changed`;
  const byPlace = (points: readonly Json[]) => new Map(points.map((point) => { const { coordinates, content } = point as { coordinates: Json; content: Json }; return [canonicalEncoding(coordinates), canonicalEncoding(content)]; }));
  const [old, now] = [byPlace(before as Json[]), byPlace(after as Json[])];
  const counts = [
    [[...now.keys()].filter((place) => !old.has(place)).length, 'new'], [[...old.keys()].filter((place) => !now.has(place)).length, 'gone'],
    [[...now].filter(([place, content]) => old.has(place) && old.get(place) !== content).length, 'changed'],
  ] as const;
  const said = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`).join(', ');
  return `in.${name} changed${said === '' ? '' : `: of ${now.size} points ${said}`}`;
}

function show(value: Json | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > shownLength ? `${text.slice(0, shownLength - 3)}...` : text;
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return a === undefined || b === undefined ? a === b : canonicalEncoding(a) === canonicalEncoding(b);
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function own<T>(object: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function namesOf(...objects: readonly object[]): string[] {
  return [...new Set(objects.flatMap((object) => Object.keys(object)))];
}
