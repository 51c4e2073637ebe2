import { escapeMarkup as e } from '../drawing/escape.js';
import type { Trace, TracedAction } from './trace.js';

/** Most actions of an input that are named where it is used; all stand in the list of inputs. */
const mostNamed = 3;

/** Where the page lists what made an input. */
export function inputAnchor(port: string): string {
  return `input-${port.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 80)}`;
}

/**
 * Says from which actions something on the page was made, each with a link to its record.
 *
 * @param ports  Inputs that it is made of.
 * @returns HTML; empty if nothing is known.
 */
export function madeFromNote(trace: Trace, ports: readonly string[]): string {
  const parts = namedParts(trace, ports).map((part) => ('rest' in part ? `<a href="#${inputAnchor(part.port)}">${e(restWords(part))}</a>` : actionLink(part)));
  return parts.length === 0 ? '' : `<p class="made-from">From ${joinWords(parts)}.</p>`;
}

/** The same in plain words, for a figure that stands alone. */
export function madeFromWords(trace: Trace, ports: readonly string[]): string {
  const parts = namedParts(trace, ports).map((part) => ('rest' in part ? restWords(part) : actionWords(part)));
  return parts.length === 0 ? '' : `From ${joinWords(parts)}.`;
}

/** An action as a link to its record, if there is one. */
export function actionLink({ point, shortKey, anchor }: TracedAction): string {
  const words = `${point === '' ? '' : `${e(point)} `}<code>${e(shortKey)}</code>`;
  return anchor === undefined ? words : `<a href="#${anchor}">${words}</a>`;
}

type Rest = { readonly port: string; readonly rest: number };

/** The first actions of each input that no input before has, and how many more there are; one more is named as well. */
function namedParts({ inputs }: Trace, ports: readonly string[]): (TracedAction | Rest)[] {
  const seen = new Set<string>();
  return ports.flatMap((port) => {
    const actions = (inputs.get(port) ?? []).filter(({ key }) => !seen.has(key));
    for (const { key } of actions) seen.add(key);
    const named = actions.length === mostNamed + 1 ? actions : actions.slice(0, mostNamed);
    return [...named, ...(named.length < actions.length ? [{ port, rest: actions.length - named.length }] : [])];
  });
}

function restWords({ port, rest }: Rest): string {
  return `${rest} more of ${port}`;
}

function actionWords({ point, shortKey }: TracedAction): string {
  return `${point} ${shortKey}`.trim();
}

/** As in "a, b and c". */
function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
