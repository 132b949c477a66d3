/** What an encoder sees in a scene before there is any label. */
import { z } from 'zod';
import { roles } from './labels.ts';

export const embedSchema = z
  .object({
    /** Run id of a pretrained encoder, or `none` for the bands themselves. */
    encoder: z.string().trim().min(1, 'needs an id'),
    scene: z.string().trim().min(1).optional(),
    /** Groups of pixels that resemble each other. */
    clusters: z.number().int().min(2).max(32).default(8),
    seed: z.number().int().min(0).max(0xffffffff).default(0),
    device: z.string().default('auto'),
  })
  .strict();
export type EmbedParams = z.output<typeof embedSchema>;

/** Patches of a group of like pixels as fields of a class: the one at a pixel, or the largest. */
export const labelClusterSchema = z
  .object({
    /** The look through an encoder. */
    run: z.string().trim().min(1, 'needs an id'),
    cluster: z.number().int().min(1).max(32).optional(),
    classCode: z.number().int().min(1).max(255),
    role: z.enum(roles).default('train'),
    /** Pixel of the scene; its own patch alone. */
    at: z.object({ col: z.number().int(), row: z.number().int() }).strict().optional(),
    /** Pixels of the smallest patch that is taken. */
    least: z.number().int().min(1).max(1_000_000).default(100),
    /** Patches at most, the largest first. */
    most: z.number().int().min(1).max(1000).default(20),
  })
  .strict()
  .refine((p) => (p.cluster === undefined) !== (p.at === undefined), 'needs one of cluster and at');

export interface EmbedResult {
  readonly run: string;
  readonly encoder: string;
  readonly scene: string;
  readonly width: number;
  readonly height: number;
  /** Principal axes in the file, one band each; the first three are the colours. */
  readonly axes: number;
  /** Share of the features' variance along each. */
  readonly variance: readonly number[];
  /** Codes from 1, the largest group of the sample first. */
  readonly clusters: readonly { readonly code: number; readonly pixels: number }[];
  readonly seconds: number;
  readonly peakRssBytes: number;
}
