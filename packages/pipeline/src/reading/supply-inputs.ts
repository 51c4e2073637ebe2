import type { AnyStage, ArtifactPort, InputPort, OutputPort } from '@memgeo/stage';
import type { Coordinates, Point, Source, Supply } from '../planning/pipeline.js';
import { interpolate, type Scope } from './expressions.js';
import type { Reading } from './read-pipeline.js';
import { parseReference, type Reference } from './references.js';
import { nearest } from './validate.js';

type Consumer = { readonly name: string; readonly stage: AnyStage; readonly coordinates: Coordinates; readonly scope: Scope };

/** Resolves each input of a point to outputs of upstream points, and checks kinds and schemas. */
export function supplyInputs(consumer: Consumer, upstream: ReadonlyMap<string, readonly Point[]>, reading: Reading): Point['inputs'] {
  const { name, stage, scope } = consumer;
  const given = reading.content.stages[name]!.in;
  const keysOf = (port: string) => ['stages', name, 'in', port];
  for (const port of Object.keys(given)) {
    if (!Object.hasOwn(stage.inputs, port)) reading.fail(`unknown input "${port}" of ${stage.id} in stages.${name}.in.${nearest(port, Object.keys(stage.inputs))}`, keysOf(port));
  }
  const entries = Object.entries(stage.inputs).flatMap(([portName, port]) => {
    const texts = given[portName];
    const keys = keysOf(portName);
    if (texts === undefined) {
      if (port.isOptional === true) return [];
      return reading.fail(`stages.${name}.in needs "${portName}", the ${port.description.replace(/\.$/, '')}. Add in: { ${portName}: STAGE }.`, ['stages', name]);
    }
    const supplies = [texts].flat().flatMap((text) => {
      const fail = (message: string): never => reading.fail(`${keys.join('.')}: "${text}": ${message}`, keys);
      const resolved = String(interpolate(text, scope, (message, known, unknown) => fail(`${message}${nearest(unknown, known)}`)));
      const reference = parseReference(resolved) ?? fail(`"${resolved}" is no reference.`);
      return select(reference, upstream.get(reference.stage)!, fail).map((point) => supply(port, reference, point, fail));
    });
    if (supplies.length > 1 && port.isMany !== true) return reading.fail(`${keys.join('.')} takes one artifact; got ${supplies.length}. Select one point by [key=value].`, keys);
    return [[portName, { port, supplies }] as const];
  });
  return Object.fromEntries(entries);
}

/** The points of the stage that the reference selects. */
function select({ stage, selection }: Reference, points: readonly Point[], fail: (message: string) => never): readonly Point[] {
  const axes = Object.keys(points[0]!.coordinates);
  if (selection === 'all') return points;
  if (selection === undefined) {
    if (points.length > 1 || axes.length > 0) return fail(`${stage} has a matrix over ${axes.join(', ')}. Select one point by [${axes[0]}=VALUE] or all by [*].`);
    return points;
  }
  const unknown = Object.keys(selection).find((axis) => !axes.includes(axis));
  if (unknown !== undefined) return fail(`${stage} has no matrix key "${unknown}".${nearest(unknown, axes)}`);
  const selected = points.filter(({ coordinates }) => Object.entries(selection).every(([axis, value]) => String(coordinates[axis]) === value));
  if (selected.length === 0) {
    const values = Object.keys(selection).map((axis) => `${axis}: ${[...new Set(points.map(({ coordinates }) => String(coordinates[axis])))].join(', ')}`).join('; ');
    return fail(`no point of ${stage} has these values. There are ${values}.`);
  }
  return selected;
}

/** Fills a port from one point. */
function supply(port: InputPort, reference: Reference, point: Point, fail: (message: string) => never): Supply {
  const { coordinates, stage } = point;
  const outputs = stage.outputs;
  if (port.form === 'bundle') {
    if (reference.output !== undefined) return fail(`the port takes the outputs ${Object.keys(port.parts).join(' and ')} of one stage. Write "${reference.stage}".`);
    const parts = Object.entries(port.parts).map(([part, wanted]) => {
      const output = outputs[part] ?? fail(`${stage.id} has no output "${part}".${nearest(part, Object.keys(outputs))}`);
      requireFit(wanted, output, { part, id: stage.id }, fail);
      return [part, { point, output: part, member: undefined }] as const;
    });
    return { coordinates, parts: Object.fromEntries(parts) };
  }
  const names = Object.keys(outputs);
  const only = names.length === 1 ? names[0]! : names.filter((name) => outputs[name]!.schema === port.schema)[0];
  const name = reference.output ?? only ?? fail(`${stage.id} has several outputs. Write ${names.map((output) => `${reference.stage}.${output}`).join(' or ')}.`);
  const output = outputs[name] ?? fail(`${stage.id} has no output "${name}".${nearest(name, names)}`);
  requireFit(port, output, { part: name, id: stage.id }, fail);
  const isCollection = output.isCollection === true;
  if (reference.member !== undefined && !isCollection) return fail(`the output "${name}" of ${stage.id} has no members. Write "${reference.stage}.${name}".`);
  if (port.form === 'artifact' && isCollection && reference.member === undefined) return fail(`the port takes one artifact, and "${name}" of ${stage.id} is a collection. Name a member: ${reference.stage}.${name}/MEMBER.`);
  if (port.form === 'collection' && (!isCollection || reference.member !== undefined)) return fail('the port takes a collection, and this is one artifact.');
  const source: Source = { point, output: name, member: reference.member };
  return { coordinates, parts: source };
}

function requireFit(wanted: ArtifactPort, output: OutputPort, { part, id }: { part: string; id: string }, fail: (message: string) => never): void {
  if (wanted.kind !== output.kind || wanted.schema !== output.schema) {
    fail(`the port takes a ${wanted.kind} of schema ${wanted.schema}; "${part}" of ${id} is a ${output.kind} of schema ${output.schema}.`);
  }
}
