import type { AnyStage } from '@memgeo/stage';
import { z } from 'zod';
import { pipelineFileSchema, programKeys, stageEntrySchema } from './file-schema.js';

type Node = { readonly [key: string]: unknown };
type Properties = { readonly [key: string]: Node };

const expression: Node = { type: 'string', pattern: '\\$\\{' };

/** JSON Schema (draft 7) of pipeline files with the parameters of the given stages, for editors. */
export function pipelineJsonSchema(stages: readonly AnyStage[]): { [key: string]: unknown } {
  const file = toJsonSchema(pipelineFileSchema);
  const entry = toJsonSchema(stageEntrySchema);
  const properties = entry.properties as Properties;
  const common = Object.fromEntries(Object.entries(properties).filter(([key]) => !programKeys.some((one) => one === key)));
  const installed = stages.map((stage) => {
    const params = toJsonSchema(stage.params);
    const inputs = Object.fromEntries(Object.entries(stage.inputs).map(([name, port]) => [name, { ...properties.in!.additionalProperties as Node, description: port.description }]));
    const required = Object.entries(stage.inputs).filter(([, port]) => port.isOptional !== true).map(([name]) => name);
    return {
      ...entry, description: stage.description, required: required.length === 0 ? ['uses'] : ['uses', 'in'],
      properties: {
        ...common,
        uses: { const: stage.id, description: stage.description },
        in: { type: 'object', properties: inputs, required, additionalProperties: false },
        with: { ...allowExpressions({ ...params, required: [] }, false), description: properties.with!.description },
      },
    };
  });
  const program = {
    ...entry, description: 'A program of your own, in any language.', required: ['uses', 'outputs'],
    properties: { ...properties, uses: { type: 'string', pattern: '^exec:', description: properties.uses!.description } },
  };
  const { properties: top } = file as { properties: Properties };
  return { ...file, properties: { ...top, stages: { ...top.stages, additionalProperties: { anyOf: [...installed, program] } } } };
}

function toJsonSchema(schema: z.ZodType): Node {
  const { $schema: _, ...node } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline', target: 'draft-7' }) as Node;
  return node;
}

/** Lets an expression stand for every value inside. */
function allowExpressions(node: Node, isValue = true): Node {
  const inside = (value: unknown): unknown => Array.isArray(value) ? value.map((one) => allowExpressions(one as Node)) : typeof value === 'object' && value !== null ? allowExpressions(value as Node) : value;
  const { properties, oneOf, anyOf, allOf, items, prefixItems, additionalProperties, ...rest } = node;
  const widened: Node = {
    ...rest,
    ...(properties === undefined ? {} : { properties: Object.fromEntries(Object.entries(properties as Properties).map(([key, value]) => [key, allowExpressions(value)])) }),
    // An expression may fit several variants of a union.
    ...(oneOf === undefined && anyOf === undefined ? {} : { anyOf: inside(oneOf ?? anyOf) }),
    ...(allOf === undefined ? {} : { allOf: inside(allOf) }),
    ...(items === undefined ? {} : { items: inside(items) }),
    ...(prefixItems === undefined ? {} : { prefixItems: inside(prefixItems) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: inside(additionalProperties) }),
  };
  if (!isValue || Object.keys(node).length === 0) return widened;
  const { description, default: fallback, ...bare } = widened;
  return { ...(description === undefined ? {} : { description }), ...(fallback === undefined ? {} : { default: fallback }), anyOf: [bare, expression] };
}
