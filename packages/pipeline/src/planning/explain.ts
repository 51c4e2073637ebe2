import { canonicalEncoding, type Json } from '@memgeo/artifacts';
import type { Action, ActionRecord } from '../store/record.js';
import type { Store } from '../store/store.js';
import type { Point } from './pipeline.js';
import type { CodeFiles } from '../keys/code-digest.js';

/** Says why a point has to run, by comparing its action with the last one it stood for. */
export async function explain(point: Point, work: { pipeline: string; key: string; action: Action; codeFiles: CodeFiles; store: Store }): Promise<string[]> {
  const { pipeline, key, action, codeFiles, store } = work;
  const latest = await store.latestKey(pipeline, point.id);
  const earlier = latest === undefined ? undefined : await store.readRecord(latest);
  if (!earlier) return ['it has not run before'];
  if (earlier.key === key) return ['a stored result is missing or damaged'];
  return differences(earlier, action, codeFiles);
}

/** Field-level differences between a record and an action. */
export function differences(earlier: ActionRecord, action: Action, codeFiles: CodeFiles): string[] {
  const before = earlier.action;
  const reasons: string[] = [];
  if (before.stage !== action.stage) reasons.push(`uses ${before.stage} -> ${action.stage}`);
  else if (before.version !== action.version) reasons.push(`version of ${action.stage} ${before.version} -> ${action.version}`);
  else if (before.code !== action.code) reasons.push(describeCode(earlier.codeFiles, codeFiles));
  reasons.push(...compareJson('with', before.params, action.params));
  for (const name of namesOf(before.inputs, action.inputs)) {
    const [old, now] = [before.inputs[name], action.inputs[name]];
    if (isSame(old as unknown as Json, now as unknown as Json)) continue;
    reasons.push(old === undefined ? `in.${name} is new` : now === undefined ? `in.${name} is gone` : `in.${name} changed`);
  }
  for (const name of namesOf(before.files, action.files)) if (before.files[name] !== action.files[name]) reasons.push(`the files of ${name} changed`);
  return reasons.length > 0 ? reasons : ['the format of keys changed'];
}

function describeCode(before: { readonly [path: string]: string }, now: { readonly [path: string]: string }): string {
  const changed = namesOf(before, now).filter((path) => before[path] !== now[path]);
  return changed.length === 0 ? 'a package it uses changed its version' : `code changed: ${changed.slice(0, 3).join(', ')}${changed.length > 3 ? ` and ${changed.length - 3} more` : ''}`;
}

function compareJson(path: string, before: Json | undefined, now: Json | undefined): string[] {
  if (isSame(before, now)) return [];
  if (isObject(before) && isObject(now)) return namesOf(before, now).flatMap((key) => compareJson(`${path}.${key}`, before[key], now[key]));
  return [`${path} ${show(before)} -> ${show(now)}`];
}

function show(value: Json | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return a === undefined || b === undefined ? a === b : canonicalEncoding(a) === canonicalEncoding(b);
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function namesOf(...objects: readonly object[]): string[] {
  return [...new Set(objects.flatMap((object) => Object.keys(object)))];
}
