import type { AnyStage } from '@memgeo/stage';
import type { Coordinates, Point } from '../planning/pipeline.js';
import { asNumber, type Condition, type Reference } from './references.js';
import { nearest } from './validate.js';

type Fail = (message: string) => never;
type Value = Coordinates[string];

const mostListed = 20;

/** The points of one stage, found by their coordinates. */
export class StagePoints {
  readonly name: string;
  readonly stage: AnyStage;
  /** As the file lists them. */
  readonly points: readonly Point[];
  readonly axes: readonly string[];
  /** In order of their coordinates, whatever the file's order. */
  readonly #sorted: readonly Point[];
  /** Points by the texts of their values on some axes. */
  readonly #indexes = new Map<string, Map<string, Point[]>>();
  readonly #values = new Map<string, Map<string, Value>>();

  constructor(name: string, stage: AnyStage, points: readonly Point[]) {
    this.name = name;
    this.stage = stage;
    this.points = points;
    this.axes = Object.keys(points[0]!.coordinates);
    this.#sorted = points.length === 1 ? points : [...points].sort((a, b) => compareCoordinates(a.coordinates, b.coordinates));
  }

  /** Whether a selection names one value for each axis, and so one point at most. */
  isSingle(selection: Reference['selection']): boolean {
    if (selection === 'all') return false;
    if (selection === undefined) return true;
    return this.axes.every((axis) => selection.some((one) => one.axis === axis && one.operator === '=' && one.values.length === 1));
  }

  /** The selected points, in order of their coordinates. */
  select(selection: Reference['selection'], fail: Fail): readonly Point[] {
    if (selection === 'all') return this.#sorted;
    if (selection === undefined) {
      if (this.axes.length > 0) return fail(`${this.name} has a point for each ${this.axes.join(', ')}. Select one point by [${this.axes.map((axis) => `${axis}=VALUE`).join(',')}] or all by [*].`);
      return this.#sorted;
    }
    for (const { axis } of selection) if (!this.axes.includes(axis)) return fail(`${this.name} has no axis "${axis}".${nearest(axis, this.axes)}`);
    for (const one of selection) if ('value' in one) this.#requireNumbers(one, fail);
    const { candidates, rest } = this.#candidates(selection);
    const selected = rest.length === 0 ? candidates : candidates.filter((point) => rest.every((one) => holds(one, point.coordinates[one.axis]!)));
    if (selected.length > 0) return selected;
    const axes = [...new Set(selection.map(({ axis }) => axis))];
    const each = axes.map((axis) => `${axis}: ${listed([...this.#valuesOf(axis).keys()])}`).join('; ');
    const areThere = selection.every((one) => [...this.#valuesOf(one.axis).values()].some((value) => holds(one, value)));
    return fail(`it selects no point of ${this.name}. There are ${each}${areThere ? ', but not together' : ''}.`);
  }

  /** The points with these values on these axes: what {@link select} finds, at once. Undefined if it takes that to tell. */
  spelled(axes: readonly string[], values: readonly Value[]): readonly Point[] | undefined {
    // Of a text that is a number there may be several spellings.
    return values.some((value) => typeof value === 'string' && asNumber(value) !== undefined) ? undefined : this.#indexOf(axes).get(keyOf(values));
  }

  /** The points with the values asked for by `=`, found by an index, and the conditions that are left to check. */
  #candidates(selection: readonly Condition[]): { candidates: readonly Point[]; rest: readonly Condition[] } {
    const indexed = selection.filter((one, place) => one.operator === '=' && selection.findIndex(({ axis, operator }) => axis === one.axis && operator === '=') === place) as (Condition & { operator: '=' })[];
    const wanted = indexed.map(({ axis, values }) => this.#spellings(axis, values));
    const count = wanted.reduce((product, values) => product * values.length, 1);
    if (indexed.length === 0 || count > this.#sorted.length) return { candidates: this.#sorted, rest: selection };
    const index = this.#indexOf(indexed.map(({ axis }) => axis));
    const keys = wanted.reduce<string[]>((texts, values) => texts.flatMap((text) => values.map((value) => `${text}${value},`)), ['']);
    const rest = selection.filter((one) => !indexed.includes(one as Condition & { operator: '=' }));
    if (keys.length === 1) return { candidates: index.get(keys[0]!) ?? [], rest };
    return { candidates: keys.flatMap((key) => index.get(key) ?? []).sort((a, b) => compareCoordinates(a.coordinates, b.coordinates)), rest };
  }

  /** How the points spell the values of a selector: 1e-3 as 0.001. */
  #spellings(axis: string, values: readonly string[]): string[] {
    const known = this.#valuesOf(axis);
    if (values.length === 1 && typeof known.get(values[0]!) === 'number') return [values[0]!];
    return [...new Set(values.flatMap((value) => [value, String(asNumber(value))].filter((text) => known.has(text) && isSame(value, known.get(text)!))))];
  }

  #indexOf(axes: readonly string[]): Map<string, Point[]> {
    const name = axes.join(',');
    let index = this.#indexes.get(name);
    if (!index) {
      index = new Map();
      for (const point of this.#sorted) {
        const key = keyOf(axes.map((axis) => point.coordinates[axis]!));
        const places = index.get(key);
        if (places) places.push(point);
        else index.set(key, [point]);
      }
      this.#indexes.set(name, index);
    }
    return index;
  }

  #valuesOf(axis: string): Map<string, Value> {
    let values = this.#values.get(axis);
    if (!values) this.#values.set(axis, (values = new Map(this.#sorted.map(({ coordinates }) => [String(coordinates[axis]), coordinates[axis]!]))));
    return values;
  }

  #requireNumbers({ axis, operator }: Condition, fail: Fail): void {
    const values = this.#valuesOf(axis);
    if (![...values.values()].some((value) => typeof value === 'number')) fail(`${operator} compares numbers, and ${axis} of ${this.name} has none: ${listed([...values.keys()])}.`);
  }
}

/** Values on some axes as one text; none holds a comma. */
function keyOf(values: readonly Value[]): string {
  let key = '';
  for (const value of values) key += `${value},`;
  return key;
}

function holds(condition: Condition, value: Value): boolean {
  switch (condition.operator) {
    case '=': return condition.values.some((text) => isSame(text, value));
    case '!=': return !condition.values.some((text) => isSame(text, value));
    case '<': return typeof value === 'number' && value < condition.value;
    case '<=': return typeof value === 'number' && value <= condition.value;
    case '>': return typeof value === 'number' && value > condition.value;
    case '>=': return typeof value === 'number' && value >= condition.value;
  }
}

function isSame(text: string, value: Value): boolean {
  return typeof value === 'number' ? asNumber(text) === value : text === String(value);
}

function listed(values: readonly string[]): string {
  return values.length <= mostListed ? values.join(', ') : `${values.slice(0, mostListed).join(', ')} and ${values.length - mostListed} more`;
}

/** Orders coordinates axis by axis: numbers by value before texts before true and false. */
export function compareCoordinates(a: Coordinates, b: Coordinates): number {
  const axes = Object.keys(a);
  const others = Object.keys(b);
  for (let place = 0; place < axes.length && place < others.length; place++) {
    if (axes[place] !== others[place]) return axes[place]! < others[place]! ? -1 : 1;
    const [left, right] = [a[axes[place]!]!, b[others[place]!]!];
    if (left === right) continue;
    if (typeof left !== typeof right) return rank(left) - rank(right);
    return left < right ? -1 : 1;
  }
  return axes.length - others.length;
}

function rank(value: Value): number {
  return typeof value === 'number' ? 0 : typeof value === 'string' ? 1 : 2;
}
