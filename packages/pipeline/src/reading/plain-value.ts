import type { Json } from '@memgeo/artifacts';
import { isAlias, isMap, isScalar, isSeq, type Document, type Scalar } from 'yaml';
import { deepestLevel, YamlProblem } from './yaml-text.js';

const mostValues = 1_000_000;
const plainTags: readonly string[] = ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((tag) => `tag:yaml.org,2002:${tag}`);

/**
 * Turns a YAML document into the JSON value it stands for; what it says with an alias stands there as if written out.
 *
 * @throws YamlProblem for what JSON can't say (.nan, .inf, tags, keys that are no text), for keys that are there twice, and for aliases that
 *   contain themselves or stand for more than a computer holds.
 */
export function plainValue(document: Document): Json {
  let count = 0;
  const open = new Set<unknown>();
  const anchors = new Map<string, unknown>();
  // An anchor may be given again: an alias stands for the last one before it, also where it is itself written out by another alias.
  const targets = new Map<unknown, unknown>();
  const seen = new Set<unknown>();
  const convert = (node: unknown, level: number): Json => {
    const offset = (node as { range?: [number] } | null)?.range?.[0];
    if (++count > mostValues) throw new YamlProblem(`a pipeline may hold ${mostValues} values with its aliases written out; this one holds more`, offset);
    if (level > deepestLevel) throw new YamlProblem(`a pipeline may be nested ${deepestLevel} levels deep; this goes deeper`, offset);
    if (isAlias(node)) {
      if (!targets.has(node)) targets.set(node, anchors.get(node.source));
      const target = targets.get(node);
      if (target === undefined) throw new YamlProblem(`the alias *${node.source} stands for nothing. Write &${node.source} before the value it stands for`, offset);
      if (open.has(target)) throw new YamlProblem(`the alias *${node.source} stands for something that contains it`, offset);
      return convert(target, level);
    }
    const { tag, anchor } = (node ?? {}) as { tag?: string; anchor?: string };
    if (anchor !== undefined && !seen.has(node)) anchors.set(anchor, node);
    if (anchor !== undefined) seen.add(node);
    if (tag !== undefined && !plainTags.includes(tag)) throw new YamlProblem(`a pipeline holds texts, numbers, true, false, null, lists and maps; got the tag "${tag}". Remove it`, offset);
    if (isScalar(node)) return scalarValue(node, offset);
    open.add(node);
    let value: Json = null;
    if (isSeq(node)) {
      value = node.items.map((item) => convert(item, level + 1));
    } else if (isMap(node)) {
      const entries = new Map<string, Json>();
      for (const pair of node.items) {
        const key = keyOf(pair.key, offset);
        if (entries.has(key.text)) throw new YamlProblem(`the key "${key.text}" is there twice`, key.offset);
        entries.set(key.text, convert(pair.value, level + 1));
      }
      value = Object.fromEntries(entries);
    }
    open.delete(node);
    return value;
  };
  return convert(document.contents, 0);
}

function keyOf(node: unknown, around: number | undefined): { text: string; offset: number | undefined } {
  const offset = (node as { range?: [number] } | null)?.range?.[0] ?? around;
  if (!isScalar(node) || node.value === null || typeof node.value === 'object') throw new YamlProblem('a key must be a text', offset);
  const text = String(node.value);
  if (text === '<<') throw new YamlProblem('merge keys ("<<") are not taken. Write the keys out, or use an alias for the whole value', offset);
  if (text === '__proto__') throw new YamlProblem('"__proto__" can\'t be a key. Choose another', offset);
  return { text, offset };
}

function scalarValue({ value, source }: Scalar, offset: number | undefined): Json {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new YamlProblem(`a number must be finite; got ${source ?? String(value)}`, offset);
    const isRounded = Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?\d+$/.test(source ?? '');
    if (isRounded) throw new YamlProblem(`an integer must be at most 9007199254740991 either way, to be held exactly; got ${source}. Write it as a text, in quotes`, offset);
    return value;
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  throw new YamlProblem(`a pipeline holds texts, numbers, true, false, null, lists and maps; got ${typeof value}`, offset);
}
