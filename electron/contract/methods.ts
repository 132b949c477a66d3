/**
 * The one table of what the app can do: name → kind, parameters (validated at the wall), result (typed). The client,
 * the services, both GUI hosts and the tests derive from it; nothing is listed twice.
 */
import { z } from 'zod';
import { encoderIds, headIds, methodIds } from './catalog/ids.ts';
import { maskIds } from './catalog/masks.ts';
import { preferencesChangeSchema, type Settings } from './catalog/preferences.ts';
import { embedSchema, labelClusterSchema } from './embedding.ts';
import { arealSchema, extentSchema } from './geometry.ts';
import {
  designSchema,
  drawSampleSchema,
  type SamplePoint,
  type SamplingDesign,
  suggestSchema,
} from './guidance.ts';
import {
  brushSchema,
  type ClassDef,
  classSchema,
  eraseSchema,
  type Field,
  type FieldsEdited,
  fieldChangeSchema,
  type HistoryState,
  type LabelImport,
  type LabelPreview,
  mergeSchema,
  newFieldSchema,
  type Region,
  roles,
  splitSchema,
} from './labels.ts';
import { type LivePreview, livePreviewSchema } from './livePreview.ts';
import type { AppInfo, Diagnostics, FolderEntry, Project } from './project.ts';
import {
  type Assessment,
  curveHeads,
  curveSplits,
  type DeviceInfo,
  type Export,
  type MapLayer,
  type MetricRow,
  type Model,
  mapExtras,
  type Run,
  type RunEstimate,
} from './run.ts';
import type { ClassSpectrum, PixelValues, Scene, SceneInfo } from './scene.ts';
import type { ViewsPreview } from './viewsPreview.ts';
import { type WandArea, wandSchema } from './wand.ts';

declare const resultType: unique symbol;
export interface Method<P extends z.ZodType, R> {
  readonly kind: 'query' | 'command';
  readonly params: P;
  readonly [resultType]?: R;
}

/** A query changes nothing; a command may. The split lets a read-only project refuse all commands in one place. */
function query<R>() {
  return <P extends z.ZodType>(params: P): Method<P, R> => ({ kind: 'query', params });
}
function command<R>() {
  return <P extends z.ZodType>(params: P): Method<P, R> => ({ kind: 'command', params });
}

const none = z.object({}).strict();
const path = z.string().trim().min(1, 'needs a path');
const id = z.string().trim().min(1, 'needs an id');
const seed = z.number().int().min(0).max(0xffffffff);
const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'needs a date such as 2026-06-30');
const device = z.string().default('auto');

export const pretrainSchema = z
  .object({
    method: z.enum(methodIds),
    encoder: z.enum(encoderIds).default('dense'),
    /** Tile side in pixels; the catalogue's default when absent. */
    tile: z.number().int().min(8).max(256).optional(),
    epochs: z.number().int().min(1).max(10_000).optional(),
    batch: z.number().int().min(4).max(4096).optional(),
    /** Ids; all when empty. */
    scenes: z.array(id).default([]),
    regions: z.array(id).default([]),
    from: id.optional(),
    /** For each band of the scene the band (from 1) of the earlier encoder that it continues, 0 for none. */
    fromBands: z.array(z.number().int().min(0)).min(1).optional(),
    resume: id.optional(),
    seed: seed.default(0),
    device,
    /** Catalogue parameters by id: `--set temperature=0.1`. */
    set: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).default({}),
  })
  .strict();
export type PretrainParams = z.output<typeof pretrainSchema>;

export const previewSchema = pretrainSchema
  .extend({
    /** Which tile of the run: another number, another place. */
    place: z.number().int().min(0).max(1_000_000).default(0),
    /** Of the first scene, from 1; its first composite when empty. */
    bands: z.array(z.number().int().min(1)).max(3).default([]),
  })
  .strict();

export const trainSchema = z
  .object({
    /** Run id of a pretrained encoder, or `none` for raw bands. */
    encoder: id,
    head: z.enum(headIds).default('linear'),
    /** Parameters of the head by id, instead of the catalogue's and of what cross-validation would choose. */
    set: z.record(z.string(), z.number()).optional(),
    /** Labelled pixels per class, drawn from the training half of the fields; all labelled pixels when absent. */
    perClass: z.number().int().min(1).max(100_000).optional(),
    scene: id.optional(),
    seed: seed.default(0),
    device,
  })
  .strict();
export type TrainParams = z.output<typeof trainSchema>;

export const mapSchema = z
  .object({
    model: id,
    scene: id.optional(),
    region: id.optional(),
    /** Absolute or relative to the working folder of the caller's host; the project's `maps/` when absent. */
    out: path.optional(),
    confidence: path.optional(),
    /** Written beside the map, named after it. */
    layers: z.array(z.enum(mapExtras)).default([]),
    /** Patches of fewer pixels take their largest neighbour's class, in a layer of their own. */
    sieve: z.number().int().min(2).max(1_000_000).optional(),
    /** Also the majority of every field, as a table and a GeoPackage. */
    fields: z.boolean().default(false),
    device,
  })
  .strict();
export type MapParams = z.output<typeof mapSchema>;

export const referenceSchema = z.discriminatedUnion('from', [
  z.object({ from: z.literal('file'), file: path, classField: z.string().optional() }).strict(),
  /** The fields that were held out when the map's model was trained. */
  z.object({ from: z.literal('held-out') }).strict(),
  z.object({ from: z.literal('role'), role: z.enum(roles) }).strict(),
  /** The probability sample that was drawn from the map: the answer is map accuracy. */
  z.object({ from: z.literal('sample') }).strict(),
]);
export const assessSchema = z
  .object({
    /** Map id, or the path of a classified GeoTIFF. */
    map: path,
    reference: referenceSchema,
    /** The reference is a probability sample: only then is the answer called map accuracy. */
    probabilitySample: z.boolean().default(false),
    report: path.optional(),
  })
  .strict();
export type AssessParams = z.output<typeof assessSchema>;

export const learnCurveSchema = z
  .object({
    /** A label raster or a vector file; the project's own labelled fields when absent. */
    reference: z.object({ file: path, classField: z.string().optional() }).strict().optional(),
    /** Ids of pretraining runs; `none`: the classical baselines on raw bands and on their local statistics. */
    encoders: z.array(id).min(1).default(['none']),
    /** On the features of the encoders; the baselines have their own. */
    heads: z.array(z.enum(curveHeads)).min(1).default(['linear']),
    /** Labelled pixels per class. */
    shots: z.array(z.number().int().min(1).max(10_000)).min(1).max(20).default([5, 10, 20]),
    seeds: z.number().int().min(1).max(100).default(10),
    split: z.enum(curveSplits).default('field'),
    scene: id.optional(),
    device,
  })
  .strict();
export type LearnCurveParams = z.output<typeof learnCurveSchema>;

/** What leaves a project. Nothing is written over unless `overwrite` says so. */
const exported = { out: path, overwrite: z.boolean().default(false) };
/** Of `.onnx`: weights as 8-bit integers; the run tells what that changes. */
const int8 = z.boolean().default(false);
export const exportSchema = z.discriminatedUnion('what', [
  /** `.tif` with palette, category names, QML and SLD; `.gpkg` or `.geojson`: its areas as polygons. */
  z.object({ what: z.literal('map'), map: id, ...exported }).strict(),
  /** `.onnx`, and a model card beside it. */
  z.object({ what: z.literal('model'), model: id, int8, ...exported }).strict(),
  /** `.gpkg` (fields, regions, samples) or `.geojson` (fields). */
  z.object({ what: z.literal('labels'), ...exported }).strict(),
  /** `.html` of an assessment; the newest when none is named. */
  z.object({ what: z.literal('report'), assessment: id.optional(), ...exported }).strict(),
  /** `.safetensors` that another project can take in, or `.onnx` for other tools: a vector of features per pixel. */
  z.object({ what: z.literal('encoder'), run: id, int8, ...exported }).strict(),
]);
export type ExportParams = z.output<typeof exportSchema>;

export const methods = {
  'app.info': query<AppInfo>()(none),
  'app.folder': query<{ path: string; parent: string | null; entries: FolderEntry[] }>()(
    z.object({ path: z.string().optional() }).strict(),
  ),
  'app.diagnostics': query<Diagnostics>()(none),
  'devices.list': query<DeviceInfo[]>()(none),
  'settings.get': query<Settings>()(none),
  'settings.change': command<Settings>()(preferencesChangeSchema),

  'project.current': query<Project | null>()(none),
  'project.recent': query<{ path: string; name: string; opened: string }[]>()(none),
  /** A proj4 string or WKT of the project's coordinates; null without a CRS, or when it is not known. */
  'project.projection': query<{ definition: string | null }>()(none),
  'project.create': command<Project>()(
    z.object({ path, name: z.string().trim().max(200).optional() }).strict(),
  ),
  'project.open': command<Project>()(z.object({ path }).strict()),
  'project.close': command<null>()(none),
  'project.sample': command<Project>()(none),

  'scenes.list': query<Scene[]>()(none),
  'scenes.add': command<{ scene: Scene; run: string }>()(
    z
      .object({
        files: z.array(path).min(1),
        date: isoDate.optional(),
        sensor: z.string().optional(),
        name: z.string().trim().max(200).optional(),
        /** Physical value = scale · stored + offset, of every band; by file and sensor when absent. */
        scale: z.number().positive().optional(),
        offset: z.number().optional(),
        /** Bands that belong to the scene, from 1, of every file; all when absent. */
        bands: z.array(z.number().int().min(1)).min(1).optional(),
        /** Says where clouds hide the ground; of the kind that its name tells when `maskKind` is absent. */
        mask: path.optional(),
        maskKind: z.enum(maskIds).optional(),
      })
      .strict(),
  ),
  'scenes.info': query<SceneInfo>()(z.object({ scene: id }).strict()),
  'scenes.remove': command<null>()(z.object({ scene: id }).strict()),
  'scenes.relink': command<Scene>()(z.object({ scene: id, files: z.array(path).min(1) }).strict()),
  /** Looks in a folder, and in those inside it, for the files that scenes miss, by their content. */
  'scenes.search': command<{ relinked: string[]; missing: string[] }>()(z.object({ folder: path }).strict()),
  'scenes.identify': query<PixelValues>()(z.object({ scene: id, x: z.number(), y: z.number() }).strict()),
  /** Mean and deviation of each class over pixels of its labelled fields. */
  'scenes.spectra': query<ClassSpectrum[]>()(z.object({ scene: id }).strict()),
  'scenes.wand': query<WandArea>()(wandSchema),

  'regions.list': query<Region[]>()(none),
  'regions.add': command<Region[]>()(
    z
      .object({
        name: z.string().trim().max(200).optional(),
        geometry: arealSchema.optional(),
        bbox: extentSchema.optional(),
        file: path.optional(),
        scene: id.optional(),
      })
      .strict()
      .refine(
        (r) => [r.geometry, r.bbox, r.file].filter((v) => v !== undefined).length === 1,
        'needs exactly one of geometry, bbox and file',
      ),
  ),
  'regions.change': command<Region>()(
    z
      .object({
        region: id,
        name: z.string().trim().min(1).max(200).optional(),
        geometry: arealSchema.optional(),
      })
      .strict(),
  ),
  'regions.remove': command<null>()(z.object({ regions: z.array(id).min(1) }).strict()),

  'classes.list': query<ClassDef[]>()(none),
  'classes.save': command<ClassDef[]>()(z.object({ classes: z.array(classSchema).min(1) }).strict()),
  'classes.remove': command<null>()(z.object({ code: z.number().int().min(1).max(255) }).strict()),

  /** All, those of a scene, or those of the ids that are still there. */
  'fields.list': query<Field[]>()(
    z.object({ scene: id.optional(), fields: z.array(id).optional() }).strict(),
  ),
  'fields.add': command<Field[]>()(z.object({ fields: z.array(newFieldSchema).min(1) }).strict()),
  'fields.change': command<Field[]>()(
    z.object({ fields: z.array(id).min(1), change: fieldChangeSchema }).strict(),
  ),
  'fields.remove': command<null>()(z.object({ fields: z.array(id).min(1) }).strict()),
  'fields.brush': command<FieldsEdited>()(brushSchema),
  'fields.erase': command<FieldsEdited>()(eraseSchema),
  'fields.merge': command<FieldsEdited>()(mergeSchema),
  'fields.split': command<FieldsEdited>()(splitSchema),
  'labels.preview': query<LabelPreview>()(
    /** The layer of a GeoPackage; the first with areas when absent. */
    z.object({ file: path, layer: z.string().min(1).optional() }).strict(),
  ),
  'labels.import': command<LabelImport>()(
    z
      .object({
        file: path,
        /** Boundaries without a class when absent, to be labelled by clicking them. */
        classField: z.string().min(1).optional(),
        layer: z.string().min(1).optional(),
        role: z.enum(roles).default('train'),
        scene: id.optional(),
        /** Value of the class field → class code, or null to leave out; distinct values are numbered when absent. */
        mapping: z.record(z.string(), z.number().int().min(1).max(255).nullable()).optional(),
      })
      .strict(),
  ),

  'history.state': query<HistoryState>()(none),
  'history.undo': command<HistoryState>()(none),
  'history.redo': command<HistoryState>()(none),

  'runs.list': query<Run[]>()(none),
  'runs.get': query<Run>()(z.object({ run: id }).strict()),
  'runs.metrics': query<MetricRow[]>()(z.object({ run: id, after: z.number().int().default(-1) }).strict()),
  /** Memory, time and disk that a pretraining with these parameters takes; seconds, in a worker of its own. */
  'runs.estimate': query<RunEstimate>()(pretrainSchema),
  'runs.preview': query<ViewsPreview>()(previewSchema),
  'runs.pretrain': command<Run>()(pretrainSchema),
  'runs.cancel': command<Run>()(z.object({ run: id }).strict()),
  'runs.note': command<Run>()(z.object({ run: id, note: z.string().max(10_000) }).strict()),

  'models.list': query<Model[]>()(none),
  'models.train': command<Run>()(trainSchema),

  'maps.list': query<MapLayer[]>()(none),
  'maps.create': command<Run>()(mapSchema),
  'maps.remove': command<null>()(z.object({ map: id }).strict()),

  'samples.list': query<SamplePoint[]>()(none),
  'samples.design': query<SamplingDesign>()(designSchema),
  'samples.draw': command<Run>()(drawSampleSchema),
  'samples.label': command<null>()(
    z
      .object({ samples: z.array(id).min(1), classCode: z.number().int().min(1).max(255).nullable() })
      .strict(),
  ),
  'embeddings.create': command<Run>()(embedSchema),
  'embeddings.label': command<Field[]>()(labelClusterSchema),
  'suggestions.create': command<Run>()(suggestSchema),

  /** Learns from the labels as they are; a query, since it leaves no trace in the project. */
  'livePreview.fit': query<LivePreview>()(livePreviewSchema),

  'assessments.list': query<Assessment[]>()(none),
  'assessments.create': command<Run>()(assessSchema),

  'learnCurve.create': command<Run>()(learnCurveSchema),

  'exports.create': command<Export>()(exportSchema),

  /** Takes in an encoder that another project exported; answers the finished run that it is from now on. */
  'encoders.add': command<Run>()(z.object({ file: path }).strict()),
} as const satisfies Record<string, Method<z.ZodType, unknown>>;

export type Methods = typeof methods;
export type MethodName = keyof Methods;
/** What a caller gives: defaults may be left out. */
export type Input<M extends MethodName> = z.input<Methods[M]['params']>;
/** What a service receives: parsed, defaults filled in. */
export type Params<M extends MethodName> = z.output<Methods[M]['params']>;
export type Result<M extends MethodName> = Methods[M] extends Method<z.ZodType, infer R> ? R : never;

export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(methods, name);
}
