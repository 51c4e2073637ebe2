import {
  artifactKinds, claimsTable, distanceGapTable, distancesTable, geometryTable, gradientsTable, historyTable, labelsTable, phasesTable, rewindingTable, similarityTable,
  type Column, type TableSchema,
} from '@memgeo/artifacts/contract';
import { z } from 'zod';

const columnTypes = ['int32', 'int64', 'float64', 'string', 'boolean'] as const;
const portName = z.string().regex(/^[A-Za-z][\w-]{0,63}$/, 'must begin with a letter and hold at most 64 letters, digits, "-" and "_"');

/** How a program reads an input: the artifact's folder as it is, or a file made of it that needs no library to read. */
export const inputFormats = ['artifact', 'csv', 'npy'] as const;
/** How a program writes an output: an artifact folder, files of its own, or a file that is made an artifact of. */
export const outputFormats = ['artifact', 'folder', 'csv', 'npy'] as const;

export const programOutputSchema = z.strictObject({
  kind: z.enum(artifactKinds),
  schema: z.string().regex(/^[a-z][\w-]*@\d+$/, 'must be a name and a version, as in summary@1'),
  description: z.string().default(''),
  format: z.enum(outputFormats).default('artifact'),
  /** Of a table that is written as CSV: the type of each column, with a question mark if it may be empty. */
  columns: z.record(z.string(), z.enum([...columnTypes, ...columnTypes.map((type) => `${type}?` as const)])).optional(),
});
export type ProgramOutput = z.output<typeof programOutputSchema>;

const kindOfFormat = { csv: 'table', npy: 'tensor', folder: 'folder' } as const;

/** Says what in the declaration of an output contradicts itself, or undefined if nothing does. */
export function programOutputFault({ kind, schema, format, columns }: ProgramOutput): string | undefined {
  if (format !== 'artifact' && kind !== kindOfFormat[format]) return `format ${format} must be of kind ${kindOfFormat[format]}; got ${kind}`;
  if (format !== 'csv') return columns === undefined ? undefined : `columns belong to format csv; got format ${format}`;
  const known = knownTables.get(schema);
  if (known) return columns === undefined || sameColumns(columns, known) ? undefined : `the columns of ${schema} are ${describeColumns(known)}. Leave out columns, or choose another schema`;
  return columns === undefined || Object.keys(columns).length === 0 ? 'format csv needs columns, as in columns: { layer: string, value: float64? }' : undefined;
}

/** The columns that an output written as CSV has: those declared, or those of a schema of memgeo's own. */
export function tableOf({ schema, columns }: ProgramOutput): TableSchema {
  const own = Object.entries(columns ?? {}).map(([name, type]): [string, Column] => [name, { type: type.replace('?', '') as Column['type'], isNullable: type.endsWith('?'), description: '' }]);
  return knownTables.get(schema) ?? { schema, columns: Object.fromEntries(own) };
}

const knownTables: ReadonlyMap<string, TableSchema> = new Map([
  claimsTable, distanceGapTable, distancesTable, geometryTable, gradientsTable, historyTable, labelsTable, phasesTable, rewindingTable, similarityTable,
].map((table) => [table.schema, table]));

function declared(table: TableSchema): [string, string][] {
  return Object.entries(table.columns).map(([name, { type, isNullable }]) => [name, `${type}${isNullable === true ? '?' : ''}`]);
}

function sameColumns(columns: { readonly [name: string]: string }, table: TableSchema): boolean {
  const wanted = new Map(declared(table));
  return wanted.size === Object.keys(columns).length && Object.entries(columns).every(([name, type]) => wanted.get(name) === type);
}

function describeColumns(table: TableSchema): string {
  return declared(table).map(([name, type]) => `${name}: ${type}`).join(', ');
}

/** A program, in any language, that does the work of a stage. It is called with the path of a job file as its last argument. */
export const programSchema = z.strictObject({
  /** Program and arguments. Paths are absolute. */
  command: z.array(z.string().min(1)).min(1),
  /** How it reads each input; as artifacts, where nothing is said. */
  formats: z.record(portName, z.enum(inputFormats)).default({}),
  outputs: z.record(portName, programOutputSchema.superRefine((output, context) => {
    const fault = programOutputFault(output);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  })).refine((outputs) => Object.keys(outputs).length > 0, 'must have at least one output'),
  /** Environment variables it is given beside the ones that every stage gets. */
  env: z.record(z.string(), z.string()).default({}),
});
export type Program = z.output<typeof programSchema>;
