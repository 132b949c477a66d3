/** The magic wand: the area around a pixel that looks like it. */
import { z } from 'zod';
import type { Areal } from './geometry.ts';

/** Side of the square of pixels that the wand looks at, in pixels of the scene: a field is not larger. */
export const wandReach = 1024;

export const wandSchema = z
  .object({
    scene: z.string().trim().min(1, 'needs an id'),
    x: z.number().finite(),
    y: z.number().finite(),
    /** How far a pixel may differ: as a share of what the bands span, or of the largest angle between features. */
    tolerance: z.number().min(0.005).max(1).default(0.15),
    /** From 1; all when empty. */
    bands: z.array(z.number().int().min(1)).max(64).default([]),
    /** Run of an encoder view: likeness is then that of its features. */
    embedding: z.string().trim().min(1).optional(),
  })
  .strict();
export type WandParams = z.output<typeof wandSchema>;

export interface WandArea {
  /** null where the pixel itself is nodata. */
  readonly geometry: Areal | null;
  readonly pixels: number;
}
