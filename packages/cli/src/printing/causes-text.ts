import { stageNameOf, type Cause, type Origin } from '@memgeo/pipeline';

/** A line of an explanation and how far in it stands. */
export type CauseLine = { readonly depth: number; readonly text: string };

/**
 * Causes as lines, each chain down to what began it. What several inputs have in common is said once.
 *
 * @param point  The one they are about.
 */
export function describeCauses(causes: readonly Cause[]): CauseLine[] {
  const lines: CauseLine[] = [];
  const told = new Set<string>();
  follow(causes, 0, told, lines, true);
  return lines;
}

function follow(causes: readonly Cause[], depth: number, told: Set<string>, lines: CauseLine[], isTop: boolean): void {
  if (isTop) for (const { reason } of causes.filter((cause) => cause.because.length === 0 && cause.reason.kind !== 'upstream')) lines.push({ depth, text: reason.text });
  const waits = causes.filter(({ reason }) => reason.kind === 'upstream');
  for (const { reason } of isTop ? waits : []) lines.push({ depth, text: reason.text });
  // What waits says nothing by itself: what begins the waiting does, once.
  const begun = [...groupBy(waits.flatMap(({ because }) => because.flatMap(beginningsOf)), (origin) => `${stageNameOf(origin.point)} ${signatureOf([origin])}`).values()];
  for (const alike of begun) tellOrigin(alike, depth + 1, told, lines);
  const groups = [...groupBy(causes.filter(({ reason, because }) => because.length > 0 && reason.kind !== 'upstream'), ({ because }) => signatureOf(because)).values()];
  for (const group of groups) {
    if (isTop) lines.push({ depth, text: group.map(({ reason }) => reason.text).join('; ') });
    const inner = depth + (isTop || groups.length > 1 ? 1 : 0);
    const origins = [...groupBy(group.flatMap(({ because }) => because), (origin) => `${origin.kind} ${stageNameOf(origin.point)} ${signatureOf([origin])}`).values()];
    for (const alike of origins) tellOrigin(alike, inner + (origins.length > 1 && !isTop ? 1 : 0), told, lines);
  }
}

function tellOrigin(alike: readonly Origin[], depth: number, told: Set<string>, lines: CauseLine[]): void {
  const [first] = alike as readonly [Origin, ...Origin[]];
  const points = new Set(alike.map(({ point }) => point)).size;
  const more = points > 1 ? ` and ${points - 1} more` : '';
  const text = first.kind === 'remade' ? `${first.point}${more} ran again` : first.kind === 'first' ? `${first.point}${more} will run` : `${first.text}${more}`;
  const why = first.causes.map(({ reason }) => reason.text);
  const isTold = told.has(`${first.point} ${first.before} ${first.after}`);
  told.add(`${first.point} ${first.before} ${first.after}`);
  lines.push({ depth, text: `because ${text}${why.length === 0 ? '' : `: ${why.join('; ')}`}${isTold && first.causes.some(({ because }) => because.length > 0) ? ' (as above)' : ''}` });
  if (!isTold) follow(first.causes, depth, told, lines, false);
}

/** The points at the ends of a chain of waiting: those that can run at once. */
function beginningsOf(origin: Origin): Origin[] {
  const waits = origin.causes.filter(({ reason }) => reason.kind === 'upstream');
  return waits.length === 0 ? [origin] : waits.flatMap(({ because }) => because.flatMap(beginningsOf));
}

/** What is the same for chains that began alike: the same texts at their ends, whichever point of a stage they go through. */
function signatureOf(origins: readonly Origin[]): string {
  const ends = new Set<string>();
  const visit = (origin: Origin): void => {
    if (origin.causes.length === 0) ends.add(`${stageNameOf(origin.point)} ${origin.kind}`);
    for (const { reason, because } of origin.causes) {
      if (because.length === 0) ends.add(`${stageNameOf(origin.point)} ${reason.text}`);
      because.forEach(visit);
    }
  };
  origins.forEach(visit);
  return [...ends].sort().join('\n');
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
