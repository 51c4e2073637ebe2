import { artifactKinds } from '@memgeo/artifacts';
import { z } from 'zod';

const columnTypes = ['int32', 'int64', 'float64', 'string', 'boolean'] as const;

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

/** A program, in any language, that does the work of a stage. It is called with the path of a job file as its last argument. */
export const programSchema = z.strictObject({
  /** Program and arguments. Paths are absolute. */
  command: z.array(z.string()).min(1),
  /** How it reads each input; as artifacts, where nothing is said. */
  formats: z.record(z.string(), z.enum(inputFormats)).default({}),
  outputs: z.record(z.string(), programOutputSchema),
  /** Environment variables it is given beside the ones that every stage gets. */
  env: z.record(z.string(), z.string()).default({}),
});
export type Program = z.output<typeof programSchema>;
