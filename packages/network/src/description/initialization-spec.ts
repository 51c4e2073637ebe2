import { z } from 'zod';

/** How the weights of an untrained network are drawn. Norms begin with scale 1 and offset 0; biases with 0, but for pytorch. */
export const initializationSchema = z.strictObject({
  weights: z.enum(['he-normal', 'he-uniform', 'glorot-normal', 'glorot-uniform', 'pytorch']).default('he-normal').describe(
    'he: variance 2 / inputs where a ReLU follows, else 1 / inputs. glorot: variance 2 / (inputs + units). pytorch: weights and biases uniform within 1 / sqrt(inputs), the default of its layers.'),
  scale: z.number().min(0).default(1).describe('Multiplies the weights of hidden layers.'),
  outputScale: z.number().min(0).default(1).describe('Multiplies the weights of the output layer; small for outputs near 0 at first.'),
});
export type Initialization = z.output<typeof initializationSchema>;
