import { z } from 'zod';

/** When to keep the network. */
export const checkpointsSchema = z.union([
  z.enum(['all', 'log']), z.array(z.number().min(0)).min(1), z.strictObject({ every: z.int().min(1) }), z.strictObject({ logFrom: z.number().min(1e-6).max(1) }),
]);
export type Checkpoints = z.output<typeof checkpointsSchema>;

/** When to evaluate the example sets. */
export const evaluateSchema = z.union([z.enum(['all', 'log']), z.strictObject({ every: z.int().min(1) })]);
export type Evaluate = z.output<typeof evaluateSchema>;
