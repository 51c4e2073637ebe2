import type { Json } from '@memgeo/artifacts';
import type { Coordinates } from '../planning/pipeline.js';
import type { KeyPath } from './document.js';
import { interpolate } from './expressions.js';
import { show, whyNoAxisValue } from './names.js';
import type { JsonMap, Reading } from './reading.js';
import { nearest } from './validate.js';

type Value = Coordinates[string];
type Axes = ReadonlyMap<string, readonly Value[]>;

/** A point of a sweep: its id and its coordinates, both in order of the axes' names, not of the file. */
export type SweepPoint = { readonly id: string; readonly coordinates: Coordinates };

/**
 * The points of a stage: the product of the axes of `matrix` and of `zip` (whose axes go in step) without those of `exclude`, and those of
 * `include`.
 *
 * @throws PipelineError also for a point that is there twice, and for an exclusion that leaves out nothing.
 */
export function sweep(name: string, params: JsonMap, reading: Reading): SweepPoint[] {
  const entry = reading.content.stages[name]!;
  const keysOf = (...inside: (string | number)[]): KeyPath => ['stages', name, ...inside];
  const filling = reading.filling({ params });
  const resolve = (key: 'matrix' | 'zip' | 'include' | 'exclude'): Json => interpolate((entry[key] ?? []) as Json, filling, keysOf(key));
  const matrix = readAxes(resolve('matrix'), keysOf('matrix'), reading);
  const zip = readAxes(resolve('zip'), keysOf('zip'), reading);
  for (const [axis, values] of matrix) {
    const once = new Set<Value>();
    const twice = values.find((value) => once.size === once.add(value).size);
    if (twice !== undefined) reading.fail(`must not hold a value twice; got ${show(twice)} twice.`, keysOf('matrix', axis));
    if (zip.has(axis)) reading.fail(`the axis "${axis}" is in matrix already. Give it another name, or leave it out of one of them.`, keysOf('zip', axis));
  }
  const steps = stepsOf(zip, keysOf('zip'), reading);
  const included = readCombinations(resolve('include'), keysOf('include'), reading);
  const isProduct = matrix.size + zip.size > 0;
  const axes = isProduct ? [...matrix.keys(), ...zip.keys()] : Object.keys(included[0] ?? {});
  for (const [index, combination] of included.entries()) requireAxes(combination, axes, { keys: keysOf('include', index), isWhole: true }, reading);
  // Without any axis a stage has one point, but for an include that defines the axes.
  const isIncludedOnly = !isProduct && entry.include !== undefined;
  const productCount = isIncludedOnly ? 0 : [...matrix.values()].reduce((count, values) => count * values.length, steps.length);
  reading.countPoints(productCount + included.length, keysOf(matrix.size > 0 ? 'matrix' : zip.size > 0 ? 'zip' : 'include'));
  const product = isIncludedOnly ? [] : productOf(matrix, steps);
  const kept = leaveOut(readCombinations(resolve('exclude'), keysOf('exclude'), reading), { product, axes, keys: keysOf('exclude') }, reading);
  return identify(name, [...kept.map((values) => ({ values, keys: keysOf(zip.size > 0 ? 'zip' : 'matrix') })), ...included.map((values, index) => ({ values, keys: keysOf('include', index) }))], axes, reading);
}

function readAxes(value: Json, keys: KeyPath, reading: Reading): Axes {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return reading.fail(`must be a map from axis to list of values; got ${show(value)}.`, keys);
  return new Map(Object.entries(value).map(([axis, values]: [string, Json]) => {
    if (!Array.isArray(values) || values.length === 0) return reading.fail(`must be a list of numbers or texts; got ${show(values)}.`, [...keys, axis]);
    return [axis, values.map((item: Json, index) => readValue(item, [...keys, axis, index], reading))];
  }));
}

function readCombinations(value: Json, keys: KeyPath, reading: Reading): Coordinates[] {
  if (!Array.isArray(value)) return reading.fail(`must be a list of maps from axis to value; got ${show(value)}.`, keys);
  return value.map((item: Json, index) => {
    if (item === null || typeof item !== 'object' || Array.isArray(item) || Object.keys(item).length === 0) return reading.fail(`must be a map from axis to value; got ${show(item)}.`, [...keys, index]);
    return Object.fromEntries(Object.entries(item).map(([axis, inner]: [string, Json]) => [axis, readValue(inner, [...keys, index, axis], reading)]));
  });
}

function readValue(value: Json, keys: KeyPath, reading: Reading): Value {
  const why = whyNoAxisValue(value);
  if (why !== undefined) return reading.fail(`a value on an axis ${why}; got ${show(value)}.`, keys);
  return value === 0 ? 0 : (value as Value);
}

/** The values of zipped axes, step by step; one step without values if there are none. */
function stepsOf(zip: Axes, keys: KeyPath, reading: Reading): Coordinates[] {
  const lengths = new Set([...zip.values()].map((values) => values.length));
  if (lengths.size > 1) return reading.fail(`the axes go in step, so they must be equally long; got ${[...zip].map(([axis, values]) => `${axis} with ${values.length}`).join(', ')} values.`, keys);
  return Array.from({ length: [...lengths][0] ?? 1 }, (_, step) => Object.fromEntries([...zip].map(([axis, values]) => [axis, values[step]!])));
}

function productOf(matrix: Axes, steps: readonly Coordinates[]): Coordinates[] {
  return [...matrix].reverse().reduce((points, [axis, values]) => values.flatMap((value) => points.map((point) => ({ [axis]: value, ...point }))), [...steps]);
}

function requireAxes(combination: Coordinates, axes: readonly string[], { keys, isWhole }: { keys: KeyPath; isWhole: boolean }, reading: Reading): void {
  const unknown = Object.keys(combination).find((axis) => !axes.includes(axis));
  if (unknown !== undefined) reading.fail(`there is no axis "${unknown}".${nearest(unknown, axes)}`, [...keys, unknown]);
  const missing = axes.find((axis) => !Object.hasOwn(combination, axis));
  if (isWhole && missing !== undefined) reading.fail(`must give a value for every axis; it lacks "${missing}".`, keys);
}

/** The points that no exclusion names. */
function leaveOut(exclusions: readonly Coordinates[], { product, axes, keys }: { product: readonly Coordinates[]; axes: readonly string[]; keys: KeyPath }, reading: Reading): readonly Coordinates[] {
  if (exclusions.length === 0) return product;
  // Exclusions over the same axes are looked up together, so that many of them cost no more than few.
  const groups = new Map<string, { axes: string[]; places: Map<string, number[]> }>();
  for (const [index, exclusion] of exclusions.entries()) {
    requireAxes(exclusion, axes, { keys: [...keys, index], isWhole: false }, reading);
    const named = Object.keys(exclusion).sort();
    const group = groups.get(named.join()) ?? { axes: named, places: new Map<string, number[]>() };
    groups.set(named.join(), group);
    const key = named.map((axis) => exclusion[axis]).join();
    const places = group.places.get(key);
    if (places) places.push(index);
    else group.places.set(key, [index]);
  }
  const used = new Set<number>();
  const kept = product.filter((point) => {
    const found = [...groups.values()].flatMap((group) => group.places.get(group.axes.map((axis) => point[axis]).join()) ?? []);
    for (const index of found) used.add(index);
    return found.length === 0;
  });
  const useless = exclusions.findIndex((_, index) => !used.has(index));
  if (useless !== -1) reading.fail(`it leaves out nothing: no point of the product has ${show(exclusions[useless])}.`, [...keys, useless]);
  return kept;
}

/** Gives each point its id. */
function identify(name: string, points: readonly { values: Coordinates; keys: KeyPath }[], axes: readonly string[], reading: Reading): SweepPoint[] {
  if (points.length === 0) return reading.fail('no point is left. Leave out less, or remove the stage.', ['stages', name]);
  const sorted = [...axes].sort();
  const spellings = new Map(sorted.map((axis) => [axis, new Map<string, Value>()]));
  const ids = new Set<string>();
  return points.map(({ values, keys }) => {
    for (const axis of sorted) {
      const value = values[axis]!;
      const known = spellings.get(axis)!;
      const other = known.get(String(value));
      if (other === undefined) known.set(String(value), value);
      else if (other !== value) reading.fail(`the axis "${axis}" holds ${show(other)} and ${show(value)}, which must not differ by their type alone.`, keys);
    }
    const id = sorted.length === 0 ? name : `${name}[${sorted.map((axis) => `${axis}=${values[axis]}`).join(',')}]`;
    if (ids.has(id)) reading.fail(`the point ${id} is there twice.`, keys);
    ids.add(id);
    return { id, coordinates: Object.fromEntries(sorted.map((axis) => [axis, values[axis]!])) };
  });
}
