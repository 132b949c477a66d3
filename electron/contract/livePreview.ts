/** A map of what is labelled right now, made while one labels. */
import { z } from 'zod';

export const livePreviewSchema = z
  .object({
    scene: z.string().trim().min(1, 'needs an id'),
    /** Run id of the encoder whose features are used, or `none` for bands; the one looked through last when absent. */
    encoder: z.string().trim().min(1).optional(),
  })
  .strict();
export type LivePreviewParams = z.output<typeof livePreviewSchema>;

/** What a class teaches with. */
export interface LiveClass {
  readonly code: number;
  readonly fields: number;
  readonly pixels: number;
}

export interface LiveFit {
  /** Fields of the role “train” that cover pixels of the scene. */
  readonly classes: readonly LiveClass[];
  /** false with fewer than two classes. */
  readonly learnt: boolean;
}

export type LivePreview =
  /** No look through this encoder at this scene as it is now: `embeddings.create` makes one. */
  | { readonly state: 'no-features' }
  | (LiveFit & { readonly state: 'too-few' | 'ready' } & {
      /** Names the tiles of `byteRoutes.liveTile`, until the next change of labels. */
      readonly revision: string;
      readonly encoder: string;
      /** Of the worker: reading what is new, and learning. */
      readonly seconds: number;
    });
