import { nameOfMade, stageNameOf, type Found, type Lineage, type LineageAction, type LineageLink } from '@memgeo/pipeline';
import type { DefaultParams } from '../inputs/default-params.js';
import { formatDuration } from '../rendering/durations.js';
import { hasUnicode } from '../rendering/terminal-abilities.js';
import { formatTime, shortHash } from './amounts.js';
import type { Page } from './page.js';
import { describeParams } from './params-text.js';

type Signs = { readonly branch: string; readonly last: string; readonly bar: string };
const drawn: Signs = { branch: '├─ ', last: '└─ ', bar: '│  ' };
const plain: Signs = { branch: '|- ', last: '`- ', bar: '|  ' };

/** Up to this many actions that play the same part are shown one by one. */
const shownAlike = 3;

/** An action in the tree, by what leads to it. `alike` play the same part and are not followed. */
type Branch = { readonly label: string; readonly key: string | null; readonly alike: number };

/** Shows a lineage as a tree; an action that stands in several places is told in the first. */
export function describeLineage(found: Found, lineage: Lineage, defaults: DefaultParams, page: Page): Page {
  page.line(headOf(found));
  if (lineage.roots.length === 0) return page.line(lineage.direction === 'up' ? 'No record tells what made it.' : 'Nothing in the store was made from it.');
  const signs = hasUnicode(process.env) ? drawn : plain;
  const links = new Map<string, LineageLink[]>();
  const end = lineage.direction === 'up' ? 'user' : 'maker';
  for (const link of lineage.links) if (link[end] !== null) links.set(link[end], [...(links.get(link[end]) ?? []), link]);
  const told = new Set<string>();

  const show = (branch: Branch, prefix: string, sign: string): void => {
    const inner = prefix + (sign === '' ? '' : sign === signs.last ? '   ' : signs.bar);
    const action = branch.key === null ? undefined : lineage.actions.get(branch.key);
    const isTold = action !== undefined && told.has(action.key);
    const rest = branch.alike > 0 ? `, ... and ${branch.alike} more` : '';
    page.prefixed(prefix + sign, `${inner}  `, `${branch.label}${rest}${action ? ` (${action.stage})${isTold ? ', told above' : ''}` : ''}`);
    if (!action || isTold) return;
    told.add(action.key);
    const branches = branchesOf(action, links.get(action.key) ?? [], lineage);
    const facts = branches.length > 0 ? `${inner}${signs.bar}` : `${inner}   `;
    for (const fact of factsOf(action, defaults)) page.prefixed(facts, `${facts}  `, fact);
    branches.forEach((next, place) => show(next, inner, place === branches.length - 1 ? signs.last : signs.branch));
  };

  if (lineage.direction === 'up') show({ label: `made by ${lineage.actions.get(lineage.roots[0]!)!.point}`, key: lineage.roots[0]!, alike: 0 }, '', '');
  else {
    const first = fold(lineage.links.filter(({ digest, user }) => lineage.roots.includes(user) && isOf(found, digest)), lineage);
    first.forEach((branch, place) => show(branch, '', place === first.length - 1 ? signs.last : signs.branch));
  }
  return page;
}

function headOf(found: Found): string {
  if (found.kind === 'artifact') return `${found.made ? `${nameOfMade(found.made)}  ` : ''}digest ${shortHash(found.digest)}`;
  return found.kind === 'collection' ? `${found.record.point}.${found.output}  all ${Object.keys((found.record.outputs[found.output] as { members: object }).members).length} members` : `${found.record.point}  key ${shortHash(found.record.key)}`;
}

function isOf(found: Found, digest: string): boolean {
  if (found.kind === 'artifact') return digest === found.digest;
  return Object.entries(found.record.outputs).some(([name, content]) => (found.kind === 'action' || name === found.output) && ('digest' in content ? [content.digest] : Object.values(content.members)).includes(digest));
}

function factsOf(action: LineageAction, defaults: DefaultParams): string[] {
  const { key, startedAt, durationMs, run, git } = action;
  const params = describeParams(defaults.chosen(action));
  return [
    `key ${shortHash(key)}, made ${formatTime(startedAt)} in ${formatDuration(durationMs)}`,
    ...(run === null ? [] : [`by run ${run}${git === null ? '' : `, git ${git.commit.slice(0, 10)}${git.diff === null ? '' : ' with changes'}`}`]),
    ...(params === '' ? [] : [`with ${params}`]),
    ...Object.entries(action.files).map(([name, digest]) => `files.${name} ${shortHash(digest)}`),
  ];
}

function branchesOf(action: LineageAction, links: readonly LineageLink[], lineage: Lineage): Branch[] {
  if (lineage.direction === 'down') return fold(links, lineage);
  const branches: Branch[] = [];
  for (const port of Object.keys(Object.fromEntries(links.map((link) => [link.port, true])))) {
    const groups = new Map<string, { key: string | null; names: Set<string> }>();
    for (const { digest, maker, output, member, port: one } of links) {
      if (one !== port) continue;
      const by = maker === null ? undefined : lineage.actions.get(maker);
      const id = maker ?? digest;
      const group = groups.get(id) ?? { key: maker, names: new Set() };
      group.names.add(by ? `${by.point}.${output!}${member === null ? '' : `/${member}`}` : `${shortHash(digest)}, by an action whose record is gone`);
      groups.set(id, group);
    }
    branches.push(...foldAlike([...groups.values()].map(({ key, names }) => ({ key, label: `in.${port}: ${several(names)}`, stage: key === null ? '' : stageNameOf(lineage.actions.get(key)!.point) }))));
  }
  return branches;
}

function fold(links: readonly LineageLink[], lineage: Lineage): Branch[] {
  const groups = new Map<string, Set<string>>();
  for (const { user, port } of links) groups.set(user, (groups.get(user) ?? new Set<string>()).add(`in.${port}`));
  return foldAlike([...groups].map(([key, ports]) => {
    const { point } = lineage.actions.get(key)!;
    return { key, label: `${point}, as ${several(ports)}`, stage: stageNameOf(point) };
  }));
}

function foldAlike(branches: readonly { readonly key: string | null; readonly label: string; readonly stage: string }[]): Branch[] {
  const stages = new Map<string, typeof branches[number][]>();
  for (const branch of branches) stages.set(branch.stage, [...(stages.get(branch.stage) ?? []), branch]);
  return [...stages.values()].flatMap((alike) => (alike.length <= shownAlike ? alike : alike.slice(0, 1)).map(({ key, label }) => ({ key, label, alike: alike.length <= shownAlike ? 0 : alike.length - 1 })));
}

function several(names: ReadonlySet<string>): string {
  const [first, ...rest] = [...names];
  return rest.length === 0 ? first! : rest.length <= 2 ? [first, ...rest].join(', ') : `${first!}, ... and ${rest.length} more`;
}
