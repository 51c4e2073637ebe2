import type { InputLocation, Job, LineageNode } from '@memgeo/stage';
import { isSource } from '../planning/action.js';
import type { Point, Source, Supply } from '../planning/pipeline.js';
import type { ActionRecord } from '../store/record.js';
import type { Result } from '../store/results.js';
import type { Store } from '../store/store.js';

/** Where the inputs of a point lie. */
export function locateInputs(point: Point, records: ReadonlyMap<Point, Result>, store: Store): Job['inputs'] {
  const locate = ({ point: from, output, member }: Source): InputLocation => {
    const found = records.get(from)!.outputs[output]!;
    if ('digest' in found) return store.objects.folder(found.digest);
    if (member !== undefined) return store.objects.folder(found.members[member]!);
    return Object.fromEntries(Object.entries(found.members).map(([name, digest]) => [name, store.objects.folder(digest)]));
  };
  const fill = (parts: Supply['parts']): InputLocation => isSource(parts) ? locate(parts) : Object.fromEntries(Object.entries(parts).map(([name, source]) => [name, locate(source) as string]));
  return Object.fromEntries(Object.entries(point.inputs).map(([name, { port, supplies }]) =>
    [name, port.isMany === true ? supplies.map(({ coordinates, parts }) => ({ coordinates: { ...coordinates }, location: fill(parts) })) : fill(supplies[0]!.parts)])) as Job['inputs'];
}

/** Keys of the actions that made each input. */
export function inputKeys(point: Point, records: ReadonlyMap<Point, Result>): { [port: string]: string[] } {
  return Object.fromEntries(Object.entries(point.inputs).map(([name, { supplies }]) => {
    const sources = supplies.flatMap(({ parts }) => (isSource(parts) ? [parts] : Object.values(parts)));
    return [name, [...new Set(sources.map((source) => records.get(source.point)!.key))]];
  }));
}

/**
 * How the inputs of a point came about, each action after those it needed.
 *
 * @param recordOf  Reads the record of an action.
 */
export function lineageOf(point: Point, records: ReadonlyMap<Point, Result>, recordOf: (key: string) => ActionRecord): LineageNode[] {
  const nodes = new Map<string, LineageNode>();
  const begun = new Set<Point>();
  const visit = (upstream: Point): void => {
    if (begun.has(upstream)) return;
    begun.add(upstream);
    upstream.upstream.forEach(visit);
    const { key, action, startedAt, durationMs, peakMemoryBytes, environment, facts, upstream: keys } = recordOf(records.get(upstream)!.key);
    nodes.set(key, { point: upstream.id, stage: action.stage, key, params: action.params, upstream: keys, startedAt, durationMs, peakMemoryBytes, environment, facts });
  };
  point.upstream.forEach(visit);
  return [...nodes.values()];
}
