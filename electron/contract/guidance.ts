/** What the app proposes: where to label next, which labels to look at again, and where to check a map. */
import { z } from 'zod';

const id = z.string().trim().min(1, 'needs an id');

export const suggestSchema = z
  .object({
    model: id,
    /** The model's own when absent. */
    scene: id.optional(),
    /** Points, or fields that have no class yet. */
    as: z.enum(['points', 'fields']).default('points'),
    count: z.number().int().min(1).max(200).default(20),
    /** Least distance between two suggestions, in pixels. */
    distance: z.number().int().min(1).max(10_000).default(25),
    device: z.string().default('auto'),
  })
  .strict();
export type SuggestParams = z.output<typeof suggestSchema>;

export interface Suggestion {
  /** In the project's coordinates. */
  readonly x: number;
  readonly y: number;
  /** Field without a class, or null for a point. */
  readonly field: string | null;
  readonly code: number;
  readonly confidence: number;
  readonly runnerUp: number | null;
  /** 0…1: uncertainty times how unlike it is to the labels and to the suggestions before it. */
  readonly score: number;
  readonly reason: string;
}

/** A label that models which never saw it disagree with. */
export interface LabelDoubt {
  readonly field: string;
  readonly code: number;
  readonly predicted: number;
  /** Share of the field's pixels that they give to `predicted`. */
  readonly share: number;
  readonly reason: string;
}

export interface SuggestResult {
  readonly model: string;
  readonly suggestions: readonly Suggestion[];
  readonly doubts: readonly LabelDoubt[];
  /** Why labels could not be doubted, or null. */
  readonly note: string | null;
  readonly seconds: number;
}

export const designSchema = z
  .object({
    map: id,
    /** Standard error of the overall accuracy that is aimed at. */
    standardError: z.number().min(0.001).max(0.2).default(0.01),
    /** User's accuracy that is expected, by class code; of all classes that are not named: `expectedOther`. */
    expected: z.record(z.string().regex(/^\d+$/, 'needs a class code'), z.number().min(0).max(1)).default({}),
    expectedOther: z.number().min(0).max(1).default(0.8),
    /** Points in every class at least, as far as it has so many pixels. */
    least: z.number().int().min(2).max(10_000).default(50),
  })
  .strict();
export type DesignParams = z.output<typeof designSchema>;
export const drawSampleSchema = designSchema
  .extend({ seed: z.number().int().min(0).max(0xffffffff).default(0) })
  .strict();
export type DrawSampleParams = z.output<typeof drawSampleSchema>;

export interface Stratum {
  readonly code: number;
  readonly name: string;
  readonly pixels: number;
  readonly count: number;
}
export interface SamplingDesign {
  /** What the formula asks for, before every class gets its least. */
  readonly wanted: number;
  readonly total: number;
  readonly strata: readonly Stratum[];
}

/** What ties a point to the run that drew it, as its note: designs must not be mixed. */
export const sampleNote = (run: string): string => `drawn by ${run}`;

/** A point at which a map is compared with the ground. */
export interface SamplePoint {
  readonly id: string;
  /** In the project's coordinates. */
  readonly x: number;
  readonly y: number;
  /** What it is on the ground; null until someone has looked. */
  readonly classCode: number | null;
  /** What the map said when it was drawn: its stratum. */
  readonly mapClass: number | null;
  readonly role: string | null;
  readonly note: string | null;
  readonly created: string;
}

export interface SampleResult {
  readonly map: string;
  readonly seed: number;
  readonly design: SamplingDesign;
  readonly points: readonly { readonly x: number; readonly y: number; readonly code: number }[];
}
