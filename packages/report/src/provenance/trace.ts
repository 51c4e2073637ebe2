import type { LineageNode } from '@memgeo/stage';

/** Keys of the actions that made each input of a report, by port. */
export type InputKeys = { readonly [port: string]: readonly string[] };

/** An action, as a page speaks of it. */
export type TracedAction = {
  /** As in `geometry[epoch=4]`; empty if there is no record of it. */
  readonly point: string;
  readonly key: string;
  /** The first 12 digits of the key. */
  readonly shortKey: string;
  /** Where the page tells of it; undefined if there is no record of it. */
  readonly anchor: string | undefined;
};

/** What is known of how the inputs of a report were made. */
export type Trace = {
  /** Actions that made each input, in the order of its points. */
  readonly inputs: ReadonlyMap<string, readonly TracedAction[]>;
  /** Every recorded action, by key. */
  readonly actions: ReadonlyMap<string, TracedAction>;
};

/** Joins the keys of inputs to the record of how they were made. */
export function traceInputs(lineage: readonly LineageNode[], inputKeys: InputKeys = {}): Trace {
  const anchors = new Set<string>();
  const actions = new Map(lineage.map(({ key, point }): [string, TracedAction] => [key, { point, key, shortKey: shortKey(key), anchor: anchorOf(key, anchors) }]));
  const find = (key: string): TracedAction => actions.get(key) ?? { point: '', key, shortKey: shortKey(key), anchor: undefined };
  const inputs = Object.entries(inputKeys).filter(([, keys]) => keys.length > 0).map(([port, keys]) => [port, [...new Set(keys)].map(find)] as const);
  return { inputs: new Map(inputs), actions };
}

/** An action key as people read it: its first 12 digits. */
export function shortKey(key: string): string {
  return key.replace(/^sha256:/, '').slice(0, 12);
}

/** An address that no other part of the page has; a key that is none counts by its place. */
function anchorOf(key: string, taken: Set<string>): string {
  const wanted = `made-${shortKey(key)}`;
  const anchor = /^made-[0-9a-f]{12}$/.test(wanted) && !taken.has(wanted) ? wanted : `made-no-${taken.size + 1}`;
  taken.add(anchor);
  return anchor;
}
