/** The record inside a model file: all that a map needs to know besides the weights in the same file. */
import { z } from 'zod';
import { headIds } from './catalog/ids.ts';
import { encoderRecordSchema, normalisationSchema } from './encoder.ts';
import { classSchema } from './labels.ts';

/**
 * What a pixel is described by before the head sees it. `bands`: its own normalised bands; `statistics`: mean and
 * standard deviation of the normalised bands in 11 × 11 windows; `encoder`: features of a pretrained encoder, as means
 * over windows of radius `radii` (0 = the pixel itself), one after the other; then, where `bandRadius` is given, means of
 * the normalised bands over windows of that radius.
 */
export const recipeSchema = z.object({
  from: z.enum(['bands', 'statistics', 'encoder']),
  radii: z.array(z.number().int().min(0).max(64)).min(1),
  bandRadius: z.number().int().min(0).max(64).optional(),
});
export type FeatureRecipe = z.infer<typeof recipeSchema>;

/** Raised when a file of this version could no longer be read as before. */
export const modelFormat = 1;

export const modelRecordSchema = z.object({
  format: z.literal(modelFormat),
  model: z.string(),
  /** Run that made it. */
  run: z.string(),
  head: z.enum(headIds),
  /** Values of the head, such as the L2 penalty that cross-validation chose. */
  settings: z.record(z.string(), z.number()),
  recipe: recipeSchema,
  normalisation: normalisationSchema,
  /** null for raw bands. */
  encoder: encoderRecordSchema.nullable(),
  /** Confidence is p^(1/temperature), divided by its sum; fitted on held-out fields. */
  temperature: z.number().positive().default(1),
  /** In the order of the head's outputs. */
  classes: z.array(classSchema).min(1),
  scene: z.string(),
  seed: z.number().int().nonnegative(),
});
export type ModelRecord = z.infer<typeof modelRecordSchema>;
