import { nearest } from '@memgeo/pipeline';
import type { AnyStage, InputPort } from '@memgeo/stage';
import { z } from 'zod';
import { installedStages } from '../catalog/installed-stages.js';
import { UserError } from '../user-error.js';

/** Loads a stage by id. @throws UserError with the nearest id. */
export async function loadStage(id: string): Promise<AnyStage> {
  const catalog = installedStages();
  if (!catalog.ids.includes(id)) throw new UserError(`There is no stage "${id}" installed.${nearest(id, catalog.ids)}`);
  return catalog.load(id);
}

/** Lists the installed stages. */
export async function listStages(): Promise<number> {
  const catalog = installedStages();
  const width = Math.max(...catalog.ids.map((id) => id.length));
  for (const id of catalog.ids) process.stdout.write(`${id.padEnd(width)}  ${(await catalog.load(id)).description}\n`);
  return 0;
}

/** Says what a stage takes, gives and can be told. */
export async function describeStage(id: string): Promise<number> {
  const stage = await loadStage(id);
  const lines = [`${stage.id}, version ${stage.version}`, stage.description, '', 'inputs'];
  for (const [name, port] of Object.entries(stage.inputs)) lines.push(`  ${name}: ${describePort(port)}${port.isMany === true ? ', one or more' : ''}${port.isOptional === true ? ', optional' : ''}`, `      ${port.description}`);
  if (Object.keys(stage.inputs).length === 0) lines.push('  none');
  lines.push('outputs');
  for (const [name, port] of Object.entries(stage.outputs)) lines.push(`  ${name}: ${port.isCollection === true ? 'collection of ' : ''}${port.kind} (${port.schema})`, `      ${port.description}`);
  lines.push('parameters');
  const schema = z.toJSONSchema(stage.params, { io: 'input' }) as Described;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isRequired = schema.required?.includes(name) === true;
    lines.push(`  ${name}: ${describeType(property)}${property.default !== undefined ? ` = ${JSON.stringify(property.default)}` : isRequired ? ', required' : ', optional'}`);
    if (property.description !== undefined) lines.push(`      ${property.description}`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

type Described = {
  type?: string; const?: unknown; enum?: unknown[]; anyOf?: Described[]; oneOf?: Described[]; items?: Described; prefixItems?: Described[]; properties?: { [name: string]: Described };
  required?: string[]; default?: unknown; description?: string; minimum?: number; maximum?: number; exclusiveMinimum?: number;
};

function describePort(port: InputPort): string {
  if (port.form === 'bundle') return `outputs ${Object.entries(port.parts).map(([part, { kind, schema }]) => `${part}: ${kind} (${schema})`).join(', ')} of one stage`;
  return `${port.form === 'collection' ? 'collection of ' : ''}${port.kind} (${port.schema})`;
}

function describeType(schema: Described): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return variants.map(describeType).join(' | ');
  if (schema.prefixItems) return `[${schema.prefixItems.map(describeType).join(', ')}]`;
  if (schema.type === 'array') return `list of ${schema.items ? describeType(schema.items) : 'anything'}`;
  if (schema.type === 'object') return `{ ${Object.entries(schema.properties ?? {}).map(([name, inner]) => `${name}: ${describeType(inner)}`).join(', ')} }`;
  const range = [
    schema.minimum !== undefined && schema.minimum > -(2 ** 53) ? `>= ${schema.minimum}` : '', schema.exclusiveMinimum !== undefined ? `> ${schema.exclusiveMinimum}` : '',
    schema.maximum !== undefined && schema.maximum < 2 ** 53 - 1 ? `<= ${schema.maximum}` : '',
  ].filter(Boolean).join(', ');
  return `${schema.type ?? 'anything'}${range === '' ? '' : ` (${range})`}`;
}
