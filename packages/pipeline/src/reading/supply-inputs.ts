import type { Json } from '@memgeo/artifacts';
import type { AnyStage, ArtifactPort, InputPort, OutputPort } from '@memgeo/stage';
import type { Point, Source, Supply } from '../planning/pipeline.js';
import type { KeyPath } from './document.js';
import { interpolate, mentionsMatrix, type Scope } from './expressions.js';
import { show } from './names.js';
import type { Reading } from './reading.js';
import { matrixSelection, parseReference, type Reference } from './references.js';
import { compareCoordinates, type StagePoints } from './stage-points.js';
import { nearest } from './validate.js';

export type Upstream = ReadonlyMap<string, StagePoints>;
type Fail = (message: string) => never;

/** A reference that has been resolved at one point, and is resolved at another by the values of its matrix alone. */
type Known = { readonly from: StagePoints; readonly axes: readonly string[]; readonly names: readonly string[]; readonly partsOf: (point: Point) => Supply['parts'] };

/** Resolves the inputs of the points of one stage to outputs of upstream points, and checks kinds and schemas. */
export class InputSupplier {
  readonly #name: string;
  readonly #upstream: Upstream;
  readonly #reading: Reading;
  readonly #given: ReadonlyMap<string, readonly string[]>;
  readonly #ports: readonly (readonly [name: string, port: InputPort])[];
  /** Of ports whose references are the same for every point. */
  readonly #shared = new Map<string, readonly Supply[]>();
  readonly #isSame: ReadonlySet<string>;
  /** By port and text. */
  readonly #known = new Map<string, Known>();

  constructor(name: string, stage: AnyStage, { upstream, reading }: { upstream: Upstream; reading: Reading }) {
    this.#name = name;
    this.#upstream = upstream;
    this.#reading = reading;
    this.#given = new Map(Object.entries(reading.content.stages[name]!.in).map(([port, texts]) => [port, [texts].flat()]));
    for (const [port, texts] of this.#given) {
      const twice = texts.findIndex((text, index) => texts.indexOf(text) < index);
      if (twice !== -1) reading.fail(`${show(texts[twice])} is there twice.`, [...this.#keysOf(port), twice]);
      if (!Object.hasOwn(stage.inputs, port)) throw reading.file.error(`unknown input "${port}" of ${stage.id} in stages.${name}.in.${nearest(port, Object.keys(stage.inputs))}`, this.#keysOf(port));
    }
    for (const [port, { isOptional, description }] of Object.entries(stage.inputs)) {
      if (this.#given.has(port) || isOptional === true) continue;
      throw reading.file.error(`stages.${name}.in needs "${port}", the ${description.replace(/\.$/, '')}. Add in: { ${port}: STAGE }.`, ['stages', name]);
    }
    this.#isSame = new Set([...this.#given].filter(([, texts]) => !mentionsMatrix(texts)).map(([port]) => port));
    this.#ports = Object.entries(stage.inputs).filter(([port]) => this.#given.has(port));
  }

  /** The inputs of the point at these coordinates. */
  inputsAt(scope: Scope): Point['inputs'] {
    return Object.fromEntries(this.#ports.map(([name, port]) => [name, { port, supplies: this.#suppliesOf(name, port, scope) }]));
  }

  #suppliesOf(name: string, port: InputPort, scope: Scope): readonly Supply[] {
    const texts = this.#given.get(name)!;
    const keys = this.#keysOf(name);
    const known = this.#shared.get(name);
    const supplies = known ?? this.#join(texts.map((text, index) => {
      const { points, partsOf } = this.#select(text, port, { place: `${name} ${text}`, scope, keys: texts.length === 1 ? keys : [...keys, index] });
      return points.map((point) => ({ coordinates: point.coordinates, parts: partsOf(point) }));
    }));
    if (known === undefined) {
      if (supplies.length > 1 && port.isMany !== true) this.#reading.fail(`takes one artifact; got ${supplies.length}. Select one point by [key=value].`, keys);
      if (this.#isSame.has(name)) this.#shared.set(name, supplies);
    }
    this.#reading.countSupplies(supplies.length, keys);
    return supplies;
  }

  #select(text: string, port: InputPort, { place, scope, keys }: { place: string; scope: Scope; keys: KeyPath }): { points: readonly Point[]; partsOf: (point: Point) => Supply['parts'] } {
    const known = this.#known.get(place);
    const spelled = known?.from.spelled(known.axes, known.names.map((axis) => scope.matrix![axis] as string | number | boolean));
    if (known && spelled) return { points: spelled, partsOf: known.partsOf };
    const { reference, from, fail } = resolveReference(text, { keys, scope, upstream: this.#upstream, reading: this.#reading });
    const partsOf = findParts(port, reference, from.stage, fail);
    const points = from.select(reference.selection, fail);
    const selection = matrixSelection(text);
    if (selection) this.#known.set(place, { from, ...selection, partsOf });
    return { points, partsOf };
  }

  /** What several references select, in order of the coordinates; what two of them select counts once. */
  #join(lists: readonly (readonly Supply[])[]): readonly Supply[] {
    if (lists.length === 1) return lists[0]!;
    const unique = new Map(lists.flat().map((supply) => [sourcesOf(supply.parts).map(({ point, output, member }) => [point.id, output, member].join('\0')).join('\0'), supply]));
    return [...unique].sort(([a, left], [b, right]) => compareCoordinates(left.coordinates, right.coordinates) || (a < b ? -1 : 1)).map(([, supply]) => supply);
  }

  #keysOf(port: string): KeyPath {
    return ['stages', this.#name, 'in', port];
  }
}

/** Reads a reference at one point of the stage that needs it. */
export function resolveReference(text: string, { keys, scope, upstream, reading }: { keys: KeyPath; scope: Scope; upstream: Upstream; reading: Reading }): { reference: Reference; from: StagePoints; fail: Fail } {
  const resolved: Json = interpolate(text, reading.filling(scope), keys);
  const fail: Fail = (message) => reading.fail(`${show(resolved)}: ${message}`, keys);
  const reference = typeof resolved === 'string' ? parseReference(resolved) : 'it is no reference.';
  if (typeof reference === 'string') return fail(reference);
  return { reference, from: upstream.get(reference.stage) ?? fail('the stage of a reference can\'t be an expression.'), fail };
}

/** The output that a reference names, or the only one there is; of several, the only one of the wanted schema. */
export function findOutput(reference: Reference, stage: AnyStage, { schema, fail }: { schema?: string; fail: Fail }): { name: string; output: OutputPort } {
  const names = Object.keys(stage.outputs);
  const fitting = names.filter((name) => stage.outputs[name]!.schema === schema);
  const only = names.length === 1 ? names[0] : fitting.length === 1 ? fitting[0] : undefined;
  const name = reference.output ?? only ?? fail(`${stage.id} has several outputs. Write ${names.map((output) => `${reference.stage}.${output}`).join(' or ')}.`);
  const output = Object.hasOwn(stage.outputs, name) ? stage.outputs[name]! : fail(`${stage.id} has no output "${name}".${nearest(name, names)}`);
  if (reference.member !== undefined && output.isCollection !== true) return fail(`the output "${name}" of ${stage.id} has no members. Write "${reference.stage}.${name}".`);
  return { name, output };
}

export function sourcesOf(parts: Supply['parts']): Source[] {
  return 'point' in parts && 'output' in parts && typeof parts.output === 'string' ? [parts as Source] : Object.values(parts as { [name: string]: Source });
}

/** How a port is filled from each point that a reference selects. */
function findParts(port: InputPort, reference: Reference, stage: AnyStage, fail: Fail): (point: Point) => Supply['parts'] {
  if (port.form === 'bundle') {
    if (reference.output !== undefined) return fail(`the port takes the outputs ${Object.keys(port.parts).join(' and ')} of one stage. Write "${reference.stage}".`);
    for (const [part, wanted] of Object.entries(port.parts)) {
      const output = Object.hasOwn(stage.outputs, part) ? stage.outputs[part]! : fail(`${stage.id} has no output "${part}".${nearest(part, Object.keys(stage.outputs))}`);
      requireFit(wanted, output, { part, id: stage.id }, fail);
    }
    const parts = Object.keys(port.parts);
    return (point) => Object.fromEntries(parts.map((part) => [part, { point, output: part, member: undefined }]));
  }
  const { name, output } = findOutput(reference, stage, { schema: port.schema, fail });
  requireFit(port, output, { part: name, id: stage.id }, fail);
  const isCollection = output.isCollection === true && reference.member === undefined;
  if (port.form === 'artifact' && isCollection) return fail(`the port takes one artifact, and "${name}" of ${stage.id} is a collection. Name a member: ${reference.stage}.${name}/MEMBER.`);
  if (port.form === 'collection' && !isCollection) return fail('the port takes a collection, and this is one artifact.');
  return (point) => ({ point, output: name, member: reference.member });
}

function requireFit(wanted: ArtifactPort, output: OutputPort, { part, id }: { part: string; id: string }, fail: Fail): void {
  if (wanted.kind !== output.kind || wanted.schema !== output.schema) {
    fail(`the port takes a ${wanted.kind} of schema ${wanted.schema}; "${part}" of ${id} is a ${output.kind} of schema ${output.schema}.`);
  }
}
