/** What an encoder sees in a scene before there is any label. */
import { z } from 'zod';

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
