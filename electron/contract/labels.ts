import { z } from 'zod';
import { type Areal, arealSchema, position } from './geometry.ts';

export const roles = ['train', 'validation', 'accuracy'] as const;
export type Role = (typeof roles)[number];

export interface ClassDef {
  /** 1…255; 0 is "unclassified" in maps. */
  readonly code: number;
  readonly name: string;
  /** #rrggbb */
  readonly color: string;
  /** Shortcut, one character, or null. */
  readonly key: string | null;
}
export const classSchema = z.object({
  code: z.number().int().min(1).max(255),
  name: z.string().trim().min(1).max(120),
  color: z.string().regex(/^#[0-9a-f]{6}$/i, 'needs a colour such as #d4af37'),
  key: z.string().length(1).nullable(),
});

export interface Region {
  readonly id: string;
  readonly name: string;
  readonly geometry: Areal;
  /** The scene whose local pixel coordinates these are, when the project has no CRS. */
  readonly scene: string | null;
  readonly created: string;
}

/** A labelled (or not yet labelled) field. */
export interface Field {
  readonly id: string;
  readonly geometry: Areal;
  readonly classCode: number | null;
  readonly role: Role;
  /** 0…100, or null when not stated. */
  readonly confidence: number | null;
  readonly scene: string | null;
  readonly source: string | null;
  readonly note: string | null;
  readonly created: string;
}

export const newFieldSchema = z.object({
  geometry: arealSchema,
  classCode: z.number().int().min(1).max(255).nullable(),
  role: z.enum(roles).default('train'),
  scene: z.string().nullable().default(null),
  confidence: z.number().min(0).max(100).nullable().default(null),
});
export type NewField = z.infer<typeof newFieldSchema>;

export const fieldChangeSchema = z.object({
  classCode: z.number().int().min(1).max(255).nullable().optional(),
  role: z.enum(roles).optional(),
  geometry: arealSchema.optional(),
  confidence: z.number().min(0).max(100).nullable().optional(),
  note: z.string().max(2000).nullable().optional(),
});
export type FieldChange = z.infer<typeof fieldChangeSchema>;

/** What a round brush painted, in the coordinates of the project: where it went, and its radius. */
const stroke = { line: z.array(position).min(1).max(5000), radius: z.number().positive().finite() };
const ids = z.array(z.string().trim().min(1, 'needs an id'));

/** A stroke joined to a field, or a field of its own where none is named. */
export const brushSchema = newFieldSchema
  .omit({ geometry: true })
  .extend({ ...stroke, field: z.string().trim().min(1).optional() })
  .strict();
export const eraseSchema = z.object({ fields: ids.min(1), ...stroke }).strict();
/** The first field takes the others in and keeps its own class and role. */
export const mergeSchema = z.object({ fields: ids.min(2) }).strict();
/** Each field along the line, which goes straight on beyond its ends; the largest part stays the field. */
export const splitSchema = z
  .object({ fields: ids.min(1), line: z.array(position).min(2).max(5000) })
  .strict();

/** What one gesture left: fields that are new or changed, and the ids of those that are gone. */
export interface FieldsEdited {
  readonly fields: readonly Field[];
  readonly removed: readonly string[];
}

export interface LabelPreview {
  readonly file: string;
  readonly kind: 'vector' | 'raster';
  readonly layers: readonly string[];
  readonly crs: number | string | null;
  readonly count: number;
  readonly fields: readonly {
    readonly name: string;
    readonly type: string;
    readonly values: readonly { readonly value: string; readonly count: number }[];
    /** More distinct values than listed. */
    readonly more: number;
  }[];
}

export interface LabelImport {
  readonly layer: string;
  readonly count: number;
  readonly classes: readonly { readonly code: number; readonly name: string; readonly count: number }[];
  /** Fields that lie outside every scene: kept, but of no use yet. */
  readonly outside: number;
  readonly repaired: number;
  /** Left out, with the reason. */
  readonly dropped: readonly { readonly reason: string; readonly count: number }[];
}

export interface HistoryState {
  readonly undo: string | null;
  readonly redo: string | null;
}
