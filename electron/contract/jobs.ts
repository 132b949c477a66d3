/**
 * What services hand to a worker and what comes back. A job is JSON: absolute paths, polygons already in pixel
 * coordinates of their scene (x = column, y = row, from the upper left corner), and every parameter filled in. A worker
 * reads rasters, writes only into `folder` and the output files named here, and never sees the database.
 */

import type { BenchFigures, BenchName } from './bench.ts';
import type { Tile } from './bytes.ts';
import type { MaskId } from './catalog/masks.ts';
import type { EmbedParams, EmbedResult } from './embedding.ts';
import type { SampleResult, SamplingDesign, SuggestParams, SuggestResult } from './guidance.ts';
import type { Int8Report } from './int8Report.ts';
import type { ClassDef, Role } from './labels.ts';
import type { MapParams, PretrainParams, TrainParams } from './methods.ts';
import type {
  AssessResult,
  Calibration,
  CurveHead,
  CurveSplit,
  DeviceInfo,
  LearnCurveResult,
  MapExtra,
  MapResult,
  PretrainResult,
  RunEstimate,
  TrainResult,
} from './run.ts';
import type { BandUnits, SceneInfo, SceneStatistics } from './scene.ts';
import type { ViewsPreview } from './viewsPreview.ts';

/** A scene as a worker sees it: files with one grid become one stack of bands, in this order. */
export interface SceneSource {
  readonly scene: string;
  readonly files: readonly string[];
  readonly sensor: string | null;
  readonly date: string | null;
  /** Of every band, in the order of the stack; absent where stored numbers are used as they are. */
  readonly units?: readonly BandUnits[];
  /** Per file: its bands that belong to the scene, null for all. */
  readonly picks?: readonly (readonly number[] | null)[];
  /** What hides the ground: these pixels count as nodata everywhere. */
  readonly mask?: { readonly files: readonly string[]; readonly kind: MaskId };
}

/** Polygons of one shape: rings of [column, row] pairs; the first ring of each polygon is its outside. */
export type PixelPolygons = readonly (readonly (readonly (readonly [number, number])[])[])[];

export interface PixelRegion {
  readonly scene: string;
  readonly polygons: PixelPolygons;
}

export interface PixelField {
  readonly id: string;
  readonly scene: string;
  readonly classCode: number;
  readonly role: Role;
  readonly polygons: PixelPolygons;
}

export interface StatisticsJob {
  readonly kind: 'statistics';
  readonly source: SceneSource;
}
export interface StatisticsResult {
  readonly info: SceneInfo;
  readonly statistics: SceneStatistics;
}

/** Reduced versions of rasters, each into a file of its own. */
export interface OverviewsJob {
  readonly kind: 'overviews';
  readonly files: readonly { readonly file: string; readonly out: string }[];
}
export interface OverviewsResult {
  readonly built: readonly string[];
}

export interface PretrainJob {
  readonly kind: 'pretrain';
  readonly params: PretrainParams;
  readonly sources: readonly SceneSource[];
  /** Tiles come from inside these; from everywhere when empty. */
  readonly regions: readonly PixelRegion[];
  /** Labelled fields, for the online kNN figure only. */
  readonly fields: readonly PixelField[];
  /** Encoder file to start from (`--from`), or null. */
  readonly fromEncoder: string | null;
  /** Folder of the run to go on with (`--resume`), or null. */
  readonly resumeFolder: string | null;
}

/** What a pretraining would take; nothing is trained. */
export interface EstimateJob {
  readonly kind: 'estimate';
  readonly pretrain: PretrainJob;
}
/** The project's side knows the disk. */
export type EstimateResult = Omit<RunEstimate, 'disk'> & { readonly diskBytes: number };

/** Eight views of one tile; `runFiles.views` in the folder holds the pixels. */
export interface PreviewJob {
  readonly kind: 'preview';
  readonly pretrain: PretrainJob;
  /** Which tile of the run. */
  readonly place: number;
  /** From 1, of the first scene. */
  readonly bands: readonly number[];
}

export interface TrainJob {
  readonly kind: 'train';
  readonly params: TrainParams;
  readonly source: SceneSource;
  /** null: raw bands. */
  readonly encoderFile: string | null;
  readonly fields: readonly PixelField[];
  readonly classes: readonly ClassDef[];
  /** Id the model gets. */
  readonly model: string;
}

export interface MapJob {
  readonly kind: 'map';
  readonly params: MapParams;
  readonly map: string;
  readonly source: SceneSource;
  readonly modelFile: string;
  /** Pixels outside stay 0; null: the whole scene. */
  readonly region: PixelPolygons | null;
  readonly out: string;
  readonly confidence: string | null;
  readonly layers: readonly { readonly kind: MapExtra; readonly file: string }[];
  /** Where the classes go without patches of fewer pixels than `least`; null: no such layer. */
  readonly sieved: { readonly file: string; readonly least: number } | null;
  /** Fields whose majority is asked for, and where the services will write it as a layer. */
  readonly fields: {
    readonly shapes: readonly Pick<PixelField, 'id' | 'polygons'>[];
    readonly file: string;
  } | null;
  readonly classes: readonly ClassDef[];
  /** Where finished blocks wait while the map is made: a run that was cut short goes on from them. */
  readonly unfinished: string;
}

export interface AssessJob {
  readonly kind: 'assess';
  readonly assessment: string;
  readonly mapFile: string;
  readonly reference:
    | { readonly from: 'raster'; readonly file: string }
    /** Polygons in pixel coordinates of the map. */
    | { readonly from: 'fields'; readonly fields: readonly PixelField[] };
  /** One sentence: where the reference comes from and what it means. */
  readonly protocol: string;
  readonly probabilitySample: boolean;
  /** Where the map's model was taught on another scene: that scene, and its transfer estimate there. */
  readonly taughtOn: { readonly scene: string; readonly oa: number } | null;
  readonly classes: readonly ClassDef[];
  readonly reportFile: string;
  /** Of the model that made the map, when it is known. */
  readonly calibration: Calibration | null;
  readonly facts: Readonly<Record<string, string>>;
}

/** One measurement of `swath bench`; each in a process of its own, so that its peak of memory is its own. */
export interface BenchJob {
  readonly kind: 'bench';
  readonly name: BenchName;
  readonly device: string;
  readonly profile: boolean;
}

export interface SuggestJob {
  readonly kind: 'suggest';
  readonly params: SuggestParams;
  readonly source: SceneSource;
  readonly modelFile: string;
  readonly labelled: readonly PixelField[];
  /** Fields without a class. */
  readonly unlabelled: readonly Pick<PixelField, 'id' | 'polygons'>[];
  readonly classes: readonly ClassDef[];
  /** From pixels to the project's coordinates, in GDAL's order. */
  readonly transform: readonly [number, number, number, number, number, number];
}

export interface EmbedJob {
  readonly kind: 'embed';
  readonly params: EmbedParams;
  readonly source: SceneSource;
  /** null: raw bands. */
  readonly encoderFile: string | null;
  /** For the width of the averaging only: fields say how large things are here. */
  readonly fields: readonly PixelField[];
  /** Where `featureFiles` go. */
  readonly out: string;
}

/** Stands ready to make a map of what is labelled right now, tile by tile, out of features that are there already. */
export interface LivePreviewJob {
  readonly kind: 'live-preview';
  /** `featureFiles.embedding` of a look through an encoder. */
  readonly features: string;
}
/** What a live preview is asked: to learn from other labels, or for a tile of what it has learnt last. */
export type LivePreviewQuestion =
  | { readonly ask: 'fit'; readonly revision: string; readonly fields: readonly PixelField[] }
  | { readonly ask: 'tile'; readonly revision: string; readonly tile: Tile };
export interface LivePreviewTile {
  /** tileSize² each: codes, 0 = nothing; confidence in percent. */
  readonly class: Uint8Array<ArrayBuffer>;
  readonly confidence: Uint8Array<ArrayBuffer>;
}

/** Points at random among the pixels of each class of a map. */
export interface SampleJob {
  readonly kind: 'sample';
  readonly map: string;
  readonly mapFile: string;
  readonly design: SamplingDesign;
  readonly seed: number;
  readonly transform: SuggestJob['transform'];
}

/** What can compute here: asked in a worker, so that a driver that crashes takes nothing with it. */
export interface DevicesJob {
  readonly kind: 'devices';
}

/** What a learning curve compares: an encoder file, the bands themselves, or their local statistics. */
export interface CurveFeatures {
  /** Run id of the encoder, `raw` or `statistics`. */
  readonly id: string;
  readonly encoderFile: string | null;
  readonly heads: readonly CurveHead[];
}

export interface LearnCurveJob {
  readonly kind: 'learn-curve';
  readonly source: SceneSource;
  /** All labelled fields; which of them teach is drawn anew for each seed. */
  readonly fields: readonly PixelField[];
  readonly features: readonly CurveFeatures[];
  /** Labelled pixels per class. */
  readonly shots: readonly number[];
  /** Number of seeds: 0, 1, … */
  readonly seeds: number;
  readonly split: CurveSplit;
  readonly device: string;
}

/** A classified raster as polygons, for the main side to put into a file. */
export interface VectoriseJob {
  readonly kind: 'vectorise';
  readonly mapFile: string;
}
export interface VectoriseResult {
  /** One JSON document per line: code, pixels, area in hectares or null, geometry in the raster's coordinates. */
  readonly file: string;
  readonly count: number;
}

/** Where 8-bit weights are held against the exact ones. */
export interface ExportCheck {
  readonly source: SceneSource;
  readonly fields: readonly PixelField[];
}

export interface ExportEncoderJob {
  readonly kind: 'export-encoder';
  readonly encoderFile: string;
  /** `.onnx` */
  readonly out: string;
  readonly metresPerPixel: number | null;
  /** Weights as 8-bit integers. */
  readonly int8: boolean;
  /** null where the scene is gone. */
  readonly check: ExportCheck | null;
}

export interface ExportModelJob {
  readonly kind: 'export-model';
  /** Weights as 8-bit integers. */
  readonly int8: boolean;
  /** null where the scene is gone. */
  readonly check: ExportCheck | null;
  readonly modelFile: string;
  /** `.onnx`; the model card goes beside it as `.json`. */
  readonly out: string;
  readonly card: string;
  /** By the names and colours that the project gives them now. */
  readonly classes: readonly ClassDef[];
  readonly metresPerPixel: number | null;
  /** For the card: how accurate it was found to be, and where. */
  readonly result: TrainResult;
  readonly created: string;
}
export interface ExportModelResult {
  readonly files: readonly string[];
  /** Pixels of a side of the input. */
  readonly tile: number;
  /** null for exact weights, and where there was no scene to compare on. */
  readonly int8: Int8Report | null;
}

/** Kind → what the worker answers. */
export interface JobResults {
  statistics: StatisticsResult;
  overviews: OverviewsResult;
  pretrain: PretrainResult;
  estimate: EstimateResult;
  preview: Omit<ViewsPreview, 'id'>;
  train: TrainResult;
  map: MapResult;
  assess: AssessResult;
  'learn-curve': LearnCurveResult;
  suggest: SuggestResult;
  sample: SampleResult;
  embed: EmbedResult;
  'live-preview': null;
  vectorise: VectoriseResult;
  bench: BenchFigures;
  'export-model': ExportModelResult;
  'export-encoder': ExportModelResult;
  devices: readonly DeviceInfo[];
}
export type Job =
  | StatisticsJob
  | OverviewsJob
  | PretrainJob
  | EstimateJob
  | PreviewJob
  | TrainJob
  | MapJob
  | AssessJob
  | LearnCurveJob
  | SuggestJob
  | SampleJob
  | EmbedJob
  | LivePreviewJob
  | VectoriseJob
  | BenchJob
  | ExportModelJob
  | ExportEncoderJob
  | DevicesJob;
export type JobKind = Job['kind'];

/** File names inside a run's folder: the services know what to look for, the workers what to write. */
export const runFiles = {
  metrics: 'metrics.jsonl',
  checkpoint: 'checkpoint.safetensors',
  encoder: 'encoder.safetensors',
  model: 'model.safetensors',
  report: 'report.html',
  views: 'views.f32',
  record: 'run.json',
} as const;

/** Files of a look through an encoder. */
export const featureFiles = {
  /** Principal axes, one uint8 band each; 0 = nothing. */
  embedding: 'embedding.tif',
  clusters: 'clusters.tif',
} as const;
