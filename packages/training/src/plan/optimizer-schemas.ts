import { z } from 'zod';

export const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sgd'), isNesterov: z.boolean().default(false).describe('Whether the step looks ahead along the momentum.') }),
  z.strictObject({
    kind: z.literal('adam'),
    secondMomentum: z.number().min(0).lt(1).default(0.999).describe('Of squared gradients; momentum is that of gradients.'),
    epsilon: z.number().positive().default(1e-8),
  }),
]);

export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  z.strictObject({
    kind: z.literal('step'),
    milestones: z.array(z.number().positive()).min(1).describe('Epochs completed from which on the rate is lower.'),
    factor: z.number().positive().max(1).default(0.1).describe('Multiplies the rate at each.'),
  }),
  z.strictObject({ kind: z.literal('cosine'), final: z.number().min(0).max(1).default(0).describe('Share of the rate that is left at the end.') }),
]);

export const augmentationSchema = z.strictObject({
  isFlipped: z.boolean().default(false).describe('Whether images are mirrored left to right half of the time.'),
  cropPadding: z.int().min(0).default(0).describe('Pixels by which images are shifted at most, black coming in.'),
});
