/** The record inside an encoder file: what a stranger must know to use the weights. Files travel between projects. */
import { z } from 'zod';
import { encoderIds, methodIds } from './catalog/ids.ts';

const finite = z.number();
const count = z.number().int().nonnegative();

/** How the values of a band become numbers of one size, before mean and standard deviation. */
export const bandTransformSchema = z.discriminatedUnion('kind', [
  /** As it is: reflectance, indices, temperatures. */
  z.object({ kind: z.literal('linear') }),
  /** ln(max(x, floor)): powers and intensities, which span decades. */
  z.object({ kind: z.literal('log'), floor: finite.positive() }),
  /** As it is, known to be ten times the decimal logarithm of a power. */
  z.object({ kind: z.literal('decibel') }),
  /** asinh(x / scale): signed values with heavy tails; linear near zero, logarithmic far from it. */
  z.object({ kind: z.literal('asinh'), scale: finite.positive() }),
  /**
   * x / √max(Tii·Tjj, floor), limited to [−1, 1]: a cross term of a coherency or covariance matrix as the real or
   * imaginary part of the correlation of two channels. `powers`: positions of Tii and Tjj among the bands, from 0.
   */
  z.object({ kind: z.literal('cross'), powers: z.tuple([count, count]), floor: finite.positive() }),
]);
export type BandTransform = z.infer<typeof bandTransformSchema>;

export const normalisationSchema = z.object({
  version: z.literal(1),
  sensor: z.string().nullable(),
  bands: z
    .array(
      z.object({
        name: z.string().nullable(),
        wavelengthNm: finite.nullable(),
        transform: bandTransformSchema,
        /** Of the transformed values. */
        mean: finite,
        std: finite.positive(),
        /** What made stored numbers physical in the first scene: scale · stored + offset. 1 and 0 when absent. */
        scale: finite.optional(),
        offset: finite.optional(),
        /** Of the physical values: a scene whose medians are far off is in other units. */
        median: finite.optional(),
      }),
    )
    .min(1),
  /** Median and MAD instead of mean and standard deviation: for scenes with clouds or gross errors. */
  robust: z.boolean(),
  /** Pixels that it was fitted to. */
  samples: count,
});
export type Normalisation = z.infer<typeof normalisationSchema>;
export type BandNormalisation = Normalisation['bands'][number];

/** Raised when a file of this version could no longer be read as before. */
export const encoderFormat = 1;

export const encoderRecordSchema = z.object({
  format: z.literal(encoderFormat),
  /** Run that made it. */
  run: z.string(),
  method: z.enum(methodIds),
  encoder: z.enum(encoderIds),
  /** Values of the encoder's card. */
  settings: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  normalisation: normalisationSchema,
  tile: z.number().int().positive(),
  /** Pixels, computed by the encoder from its layers. */
  receptiveField: z.number().int().positive(),
  halo: count,
  stride: z.number().int().positive(),
  dimension: z.number().int().positive(),
  seed: count,
  steps: count,
  /** Ids of the scenes that it was trained on. */
  scenes: z.array(z.string()),
  appVersion: z.string(),
});
export type EncoderRecord = z.infer<typeof encoderRecordSchema>;

/** What an encoder file says of its pretraining, for a project that takes it in; more may stand there. */
export const encoderResultSchema = z.looseObject({
  method: z.string(),
  encoder: z.string(),
  device: z.string(),
  seed: z.number(),
  epochs: z.number(),
  steps: z.number(),
  seconds: z.number(),
  metrics: z.looseObject({ loss: z.number() }),
});
