import type { AnyStage } from '@memgeo/stage';
import { z } from 'zod';

const name = z.string().regex(/^[A-Za-z][\w-]*$/, 'must begin with a letter and hold letters, digits, "-" and "_" only');
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const stageEntry = z.strictObject({
  uses: z.string().describe('Stage id, as in geometry/mftma.'),
  with: z.record(z.string(), z.json()).default({}).describe('Parameters of the stage.'),
  in: z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)])).default({})
    .describe('Inputs: STAGE, STAGE.OUTPUT, STAGE.OUTPUT/MEMBER; of a stage with a matrix STAGE[key=value] or STAGE[*].'),
  matrix: z.record(name, z.union([z.array(scalar).min(1), z.string()])).default({}).describe('Runs the stage at each combination of these values, as ${matrix.NAME}.'),
});

/** A pipeline file, before references are resolved. */
export const pipelineFileSchema = z.strictObject({
  name: name.describe('Name of the pipeline and of its folder under results.'),
  description: z.string().optional(),
  params: z.record(name, z.json()).default({}).describe('Values for ${params.NAME}; changed by --set params.NAME=VALUE.'),
  stages: z.record(name, stageEntry).refine((stages) => Object.keys(stages).length > 0, 'must have at least one stage'),
});
export type PipelineFile = z.output<typeof pipelineFileSchema>;
export type StageEntry = z.output<typeof stageEntry>;

/** JSON Schema of pipeline files with the parameters of the given stages, for editors. */
export function pipelineJsonSchema(stages: readonly AnyStage[]): { [key: string]: unknown } {
  const schema = z.toJSONSchema(pipelineFileSchema, { io: 'input' }) as unknown as { properties: { stages: { additionalProperties: unknown } } };
  const variants = stages.map((stage) => {
    const entry = z.toJSONSchema(stageEntry, { io: 'input' }) as { properties: { [key: string]: unknown } };
    const params = z.toJSONSchema(stage.params, { io: 'input' }) as { properties?: { [key: string]: unknown } };
    const properties = Object.fromEntries(Object.entries(params.properties ?? {}).map(([key, value]) => [key, { anyOf: [value, { type: 'string', pattern: '\\$\\{' }] }]));
    const inputs = Object.fromEntries(Object.entries(stage.inputs).map(([key, port]) => [key, { description: port.description, anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }]));
    return {
      ...entry,
      description: stage.description,
      properties: {
        ...entry.properties,
        uses: { const: stage.id },
        with: { type: 'object', properties, additionalProperties: false },
        in: { type: 'object', properties: inputs, additionalProperties: false },
      },
    };
  });
  schema.properties.stages.additionalProperties = { anyOf: variants };
  return schema as { [key: string]: unknown };
}
