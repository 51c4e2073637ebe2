import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import type { KeyPath, YamlFile } from './document.js';
import { show } from './names.js';

/**
 * Parses a part of the pipeline file by a schema.
 *
 * @param at  Where the part stands in the file, and the point it belongs to.
 * @throws PipelineError with line, key, and the nearest valid name for an unknown one.
 */
export function validate<S extends z.ZodType>(schema: S, value: unknown, at: { file: YamlFile; keys: KeyPath; what: string; point?: string }): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = innermost(parsed.error.issues[0]!);
  const inside = issue.path as KeyPath;
  const keys = [...at.keys, ...inside];
  const key = keys.join('.');
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys[0]!;
    const place = key === '' ? '' : ` in ${key}`;
    throw at.file.error(`unknown key ${show(unknown)}${place}.${nearest(unknown, knownKeys(schema, inside, value))}`, [...keys, unknown]);
  }
  if (issue.code === 'invalid_key') throw at.file.error(`${keys.slice(0, -1).join('.') || at.what}: the name ${show(String(keys.at(-1)))} ${issue.issues[0]!.message}.`, keys);
  const got = valueAt(value, inside);
  const actual = got === undefined ? 'it is missing' : `got ${show(got)}`;
  const point = at.point === undefined ? '' : ` at ${at.point}`;
  throw at.file.error(`${key || at.what}${point}: ${issue.message.replace(/\.$/, '')}; ${actual}.`, keys);
}

const longestCompared = 200;
const mostListed = 30;

/** "Did you mean" for a name among known ones, and the list. */
export function nearest(name: string, known: readonly string[]): string {
  if (known.length === 0) return ' There are none.';
  const list = known.length <= mostListed ? known.join(', ') : `${known.slice(0, mostListed).join(', ')} and ${known.length - mostListed} more`;
  return name.length > longestCompared ? ` Known: ${list}.` : ` Did you mean "${closest(name, [...known])}"? Known: ${list}.`;
}

/** Of a union that fits nowhere, the complaint of the variant that came nearest: the one with the deepest path. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const candidates = issue.errors.flatMap((errors) => errors.slice(0, 1)).map(innermost);
  const best = candidates.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  if (rank(best) === 0) return issue.message === 'Invalid input' ? { ...issue, message: [...new Set(candidates.map(({ message }) => message))].join(', or: ') } : issue;
  return { ...best, path: [...issue.path, ...best.path] };
}

function rank(issue: z.core.$ZodIssue): number {
  return 2 * issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0);
}

/** Keys that may stand at a path; of a union, those of the variants whose constants, such as a kind, are those given. */
function knownKeys(schema: z.ZodType, path: KeyPath, value: unknown): string[] {
  type Node = { const?: unknown; properties?: { [key: string]: Node }; additionalProperties?: Node | boolean; anyOf?: Node[]; oneOf?: Node[]; allOf?: Node[]; items?: Node };
  let nodes: Node[] = [z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node];
  const flatten = (node: Node): Node[] => [node, ...[...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])].flatMap(flatten)];
  for (const key of path) {
    nodes = nodes.flatMap(flatten).flatMap((node) => {
      const next = node.properties?.[key] ?? (typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined) ?? node.items;
      return next ? [next] : [];
    });
  }
  const given = valueAt(value, path) as { [key: string]: unknown } | undefined;
  const isMeant = (node: Node) => Object.entries(node.properties ?? {}).every(([key, only]) => only.const === undefined || given?.[key] === undefined || only.const === given[key]);
  return [...new Set(nodes.flatMap(flatten).filter(isMeant).flatMap((node) => Object.keys(node.properties ?? {})))];
}

function valueAt(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>((inner, key) => (inner !== null && typeof inner === 'object' && Object.hasOwn(inner, key) ? (inner as { [key: string]: unknown })[key as string] : undefined), value);
}
