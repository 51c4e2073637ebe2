import type { ActionRecord } from '../store/record.js';
import type { Store } from '../store/store.js';
import { didYouMean } from './did-you-mean.js';
import { HistoryError } from './history-error.js';
import { contentOf, madeBy, nameOfMade, type Made, type RecordIndex } from './record-index.js';
import { runsNewestFirst } from './runs.js';

/** What a name stands for in a store: an artifact, a whole output with members, or an action. */
export type Found =
  | { readonly kind: 'artifact'; readonly digest: string; /** Undefined if no record tells. */ readonly made: Made | undefined }
  | { readonly kind: 'collection'; readonly record: ActionRecord; readonly output: string }
  | { readonly kind: 'action'; readonly record: ActionRecord };

const pointPattern = /^(?:(?<pipeline>[A-Za-z][\w-]*):)?(?<point>[A-Za-z][\w-]*(?:\[[^\]]*\])?)(?:\.(?<output>[A-Za-z][\w-]*)(?:\/(?<member>.+))?)?$/;
const hexPattern = /^(?:sha256:)?([0-9a-f]{4,64})$/i;
const shown = 6;

/**
 * Finds what a name stands for: a point as in `geometry[epoch=4]`, with the pipeline before it and an output behind it if need be
 * (`smoke:train.checkpoints/4`), or the beginning of a digest or of an action key.
 *
 * A point stands for what it came to last, in the latest pipeline that has it.
 *
 * @throws HistoryError with the nearest name, or what a beginning could be.
 */
export function findArtifact(name: string, { store, index }: { store: Store; index: RecordIndex }): Found {
  const found = lookForArtifact(name, { store, index });
  if (found) return found;
  if (store.keys().length === 0) throw new HistoryError(`There is no artifact "${name}": the store ${store.folder} is empty. Run a pipeline first, or name its store by --store.`);
  const points = [...new Set(index.all.map(({ point }) => point))].filter((point) => point.startsWith(`${name}[`)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (points.length > 0) throw new HistoryError(`${name} has ${points.length === 1 ? 'a point' : `${points.length} points`}. Name one: ${listed(points)}.`);
  throw new HistoryError(`There is no artifact "${name}".${didYouMean(name, knownNames(index))} Name a point (as geometry[epoch=4]), an output of it (as train.history or train.checkpoints/4), the beginning of a digest or key, or a path. For a run: memgeo show latest.`);
}

/** As {@link findArtifact}; undefined if nothing has that name. @throws HistoryError if a point has no such output or member, or a beginning fits several. */
export function lookForArtifact(name: string, { store, index }: { store: Store; index: RecordIndex }): Found | undefined {
  return findPoint(name, { store, index }) ?? findHex(name, { store, index });
}

/** The artifact of a digest; what made it is the newest action that came to it. */
export function artifactOf(digest: string, index: RecordIndex): Extract<Found, { kind: 'artifact' }> {
  return { kind: 'artifact', digest, made: index.makersOf(digest)[0] };
}

function findPoint(name: string, { store, index }: { store: Store; index: RecordIndex }): Found | undefined {
  const { pipeline, point, output, member } = pointPattern.exec(name.trim())?.groups ?? {};
  const record = point === undefined ? undefined : recordOf(point, pipeline, { store, index });
  if (!record) return undefined;
  const outputs = Object.keys(record.outputs);
  if (output === undefined) return outputs.length === 1 ? ofOutput(record, outputs[0]!) : { kind: 'action', record };
  if (!Object.hasOwn(record.outputs, output)) throw new HistoryError(`${point} has no output "${output}"; it has ${outputs.join(', ')}.${didYouMean(output, outputs)}`);
  if (member === undefined) return ofOutput(record, output);
  const parts = contentOf(record.outputs[output]!);
  const part = parts.find((one) => one.member === member);
  if (part) return { kind: 'artifact', digest: part.digest, made: { record, output, member } };
  const members = parts.flatMap((one) => one.member ?? []);
  throw new HistoryError(members.length === 0 ? `${point}.${output} is one artifact, and has no member "${member}".` : `${point}.${output} has no member "${member}"; it has ${listed(members)}.${didYouMean(member, members)}`);
}

function ofOutput(record: ActionRecord, output: string): Found {
  const content = record.outputs[output]!;
  return 'digest' in content ? { kind: 'artifact', digest: content.digest, made: { record, output, member: undefined } } : { kind: 'collection', record, output };
}

/** What a point came to last. */
function recordOf(point: string, pipeline: string | undefined, { store, index }: { store: Store; index: RecordIndex }): ActionRecord | undefined {
  const asked = new Set<string>(pipeline === undefined ? [] : [pipeline]);
  const recall = (name: string): ActionRecord | undefined => {
    const latest = store.latest(name, point);
    const key = latest?.outcome === 'failed' ? latest.doneKey : latest?.key;
    return key === undefined || key === null ? undefined : index.get(key);
  };
  if (pipeline !== undefined) return recall(pipeline);
  for (const { manifest } of runsNewestFirst(store)) {
    if (asked.has(manifest.pipeline)) continue;
    asked.add(manifest.pipeline);
    const record = recall(manifest.pipeline);
    if (record) return record;
  }
  const place = placeOf(point);
  return index.all.find((record) => record.point === point) ?? index.all.find((record) => placeOf(record.point) === place);
}

/** A point without regard to spaces and the order of its coordinates. */
function placeOf(point: string): string {
  const [stage, coordinates = ''] = point.replace(/\]$/, '').split('[');
  return `${stage}[${coordinates.split(',').map((pair) => pair.split('=').map((part) => part.trim()).join('=')).sort().join(',')}]`;
}

function findHex(name: string, { store, index }: { store: Store; index: RecordIndex }): Found | undefined {
  const hex = hexPattern.exec(name.trim())?.[1]?.toLowerCase();
  if (hex === undefined) return undefined;
  const keys = name.startsWith('sha256:') ? [] : store.keys().filter((key) => key.startsWith(hex)).flatMap((key) => index.get(key) ?? []);
  const digests = new Set<string>();
  for (const record of index.all) for (const { digest } of madeBy(record)) if (digest.startsWith(`sha256:${hex}`)) digests.add(digest);
  const candidates: Found[] = [...[...digests].map((digest) => artifactOf(digest, index)), ...keys.map((record) => ({ kind: 'action' as const, record }))];
  if (candidates.length > 1) throw new HistoryError(`"${name}" is the beginning of ${candidates.length} names: ${listed(candidates.map(describe))}. Give more of it.`);
  return candidates[0];
}

function describe(found: Found): string {
  if (found.kind === 'artifact') return `the artifact ${found.digest.slice(7, 19)}${found.made ? ` (${nameOfMade(found.made)})` : ''}`;
  return `the key ${found.record.key.slice(0, 12)} (${found.record.point})`;
}

function knownNames(index: RecordIndex): string[] {
  return [...new Set(index.all.flatMap((record) => [record.point, ...Object.keys(record.outputs).map((output) => `${record.point}.${output}`)]))];
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, shown).join(', ')}${names.length > shown ? ` and ${names.length - shown} more` : ''}`;
}
