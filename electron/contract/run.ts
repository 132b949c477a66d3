import type { ErrorRecord } from '../base/errors.ts';

export const runKinds = [
  'statistics',
  'overviews',
  'pretrain',
  'train',
  'map',
  'assess',
  'learn-curve',
  'suggest',
  'sample',
  'embed',
  'export',
  'bench',
] as const;
export type RunKind = (typeof runKinds)[number];
export const runStates = ['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted'] as const;
export type RunState = (typeof runStates)[number];

/** One piece of long work, from the queue to its end. Its folder is `runs/<id>/` in the project. */
export interface Run {
  readonly id: string;
  readonly kind: RunKind;
  readonly state: RunState;
  /** SSL method of a pretraining run, head of a training run. */
  readonly method: string | null;
  readonly params: Readonly<Record<string, unknown>>;
  /** What the run answers when done: `PretrainResult`, `TrainResult`, … */
  readonly result: Readonly<Record<string, unknown>> | null;
  /** Why it failed, was cancelled or interrupted. */
  readonly reason: string | null;
  readonly error: ErrorRecord | null;
  readonly device: string | null;
  readonly seed: number | null;
  readonly note: string | null;
  readonly created: string;
  readonly started: string | null;
  readonly ended: string | null;
}

export function hasEnded(state: RunState): boolean {
  return state !== 'queued' && state !== 'running';
}

/** Whether the end of a run is worth a word on the desktop: not what the user stopped, nor what takes a moment. */
export function isNews(run: Run): boolean {
  const ended = run.state === 'done' || run.state === 'failed';
  return ended && run.kind !== 'statistics' && run.kind !== 'overviews';
}

/** What a worker says while it works. `rate` counts `unit` per second. */
export interface Progress {
  readonly run: string;
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly rate: number | null;
  readonly secondsLeft: number | null;
  readonly rssBytes: number;
}

/** One line of `metrics.jsonl`: numbers by name, `step` and `epoch` always. */
export type MetricRow = Readonly<Record<string, number>> & { readonly step: number; readonly epoch: number };

export type Collapse = 'none' | 'partial' | 'full';

/** A device that failed while a run computed on it. */
export interface DeviceFallback {
  readonly device: string;
  readonly afterStep: number;
  readonly reason: string;
}

export interface PretrainResult {
  readonly run: string;
  readonly method: string;
  readonly encoder: string;
  readonly device: string;
  readonly deviceReason: string;
  /** Absent in runs of before they were recorded; empty when the first device served to the end. */
  readonly fallbacks?: readonly DeviceFallback[];
  readonly seed: number;
  readonly epochs: number;
  readonly steps: number;
  readonly seconds: number;
  readonly tilesPerSecond: number;
  readonly peakRssBytes: number;
  readonly metrics: {
    readonly loss: number;
    readonly std: number;
    readonly rankMe: number;
    readonly effectiveRank: number;
    /** null where there are no labelled fields. */
    readonly knn: number | null;
  };
  readonly collapse: Collapse;
  readonly collapseAdvice: string | null;
  readonly versions: Readonly<Record<string, string>>;
}

export interface Scores {
  readonly oa: number;
  readonly kappa: number;
  readonly macroF1: number;
}

/** A cross-validated or held-out figure estimates transfer to other fields; it is not the accuracy of a map. */
export interface TransferEstimate extends Scores {
  readonly split: 'field' | 'block' | 'random';
  readonly protocol: string;
  readonly trainFields: number;
  readonly testFields: number;
  readonly testPixels: number;
}

/** Pixels of held-out fields by how sure the model said it was. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean of what was said, and the share that was right; null without a pixel. */
  readonly confidence: number | null;
  readonly accuracy: number | null;
}

/** How far confidence may be believed. After: divided by the temperature, judged on fields it was not fitted on. */
export interface Calibration {
  readonly temperature: number;
  readonly fields: number;
  /** Expected calibration error: mean gap between confidence and accuracy over the bins, weighted by pixels. */
  readonly error: { readonly before: number; readonly after: number };
  readonly bins: { readonly before: readonly ReliabilityBin[]; readonly after: readonly ReliabilityBin[] };
}

export interface TrainResult {
  readonly model: string;
  readonly run: string;
  /** Run id of the encoder, or `none` for raw bands. */
  readonly encoder: string;
  readonly head: string;
  readonly labels: readonly { readonly code: number; readonly count: number }[];
  /** null when too few fields are labelled to hold any out; `transferNote` says why. */
  readonly transferEstimate: TransferEstimate | null;
  readonly transferNote: string | null;
  /** null where fewer than two fields were asked. */
  readonly calibration: Calibration | null;
  readonly seconds: number;
  readonly peakRssBytes: number;
  /** Ids of the fields that the estimate was made on, when they were held out of the model. */
  readonly heldOut: readonly string[];
}

export interface Model {
  readonly id: string;
  readonly run: string;
  readonly encoder: string;
  readonly head: string;
  readonly scene: string;
  readonly result: TrainResult;
  readonly created: string;
}

/** Layers beside class and confidence: second choice, uncertainty, and 2 where nothing labelled resembles the pixel. */
export const mapExtras = ['runner-up', 'entropy', 'unlike'] as const;
export type MapExtra = (typeof mapExtras)[number];
/** `sieved`: the classes without small patches; the raw classes stay as they are. */
export const mapLayerKinds = ['class', 'confidence', ...mapExtras, 'sieved'] as const;
export type MapLayerKind = (typeof mapLayerKinds)[number];

/** What a map says of a whole field. */
export interface MapField {
  readonly id: string;
  readonly pixels: number;
  /** The class of most pixels, and their share. */
  readonly code: number;
  readonly purity: number;
  readonly runnerUp: number | null;
  readonly runnerUpShare: number;
}

export interface MapResult {
  readonly map: string;
  readonly out: string;
  readonly confidence: string | null;
  /** Absent in maps of before there were any. */
  readonly layers?: readonly { readonly kind: MapExtra | 'sieved'; readonly file: string }[];
  /** Majority of each field, where it was asked for. */
  readonly fields?: readonly MapField[] | null;
  /** GeoPackage of the same. */
  readonly fieldsFile?: string | null;
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  /** Of those that were computed, not taken over. */
  readonly pixelsPerSecond: number;
  /** Pixels that a run which was cut short had finished; absent in maps of before that could be. */
  readonly resumedPixels?: number;
  /**
   * Of a scene that the model was not taught on: the share that is unlike anything labelled, where 0.01 is usual. null on
   * its own scene, and where the model cannot say.
   */
  readonly unlikeShare?: number | null;
  readonly peakRssBytes: number;
  readonly classes: readonly {
    readonly code: number;
    readonly name: string;
    readonly pixels: number;
    readonly area: number | null;
  }[];
}

/** From this share of unlike pixels on a map is not to be trusted without labels of its own. */
export const worryingShift = 0.1;

export interface MapLayer {
  readonly id: string;
  readonly model: string;
  readonly scene: string;
  readonly result: MapResult;
  /** The scene, labels or encoder changed after it was made. */
  readonly stale: boolean;
  readonly created: string;
}

export interface ClassAccuracy {
  readonly code: number;
  readonly name: string;
  /** User's accuracy: of what the map calls this class, the share that is. NaN is never sent: null. */
  readonly users: number | null;
  readonly producers: number | null;
  readonly f1: number | null;
  /** Unbiased area from the confusion matrix and the mapped areas (Olofsson 2014), hectares or pixels. */
  readonly area: number | null;
  /** Half-width of the 95 % interval; null unless the reference is a probability sample. */
  readonly areaCi: number | null;
  readonly mappedArea: number;
  readonly reference: number;
}

/** A reference field, or sample point, with pixels in one cell of the confusion matrix. */
export interface CellPlace {
  /** Class codes of the cell: what the map says, and the reference. */
  readonly map: number;
  readonly reference: number;
  /** Id of the field or point. */
  readonly field: string;
  readonly pixels: number;
  /** Of those pixels, in pixels of the map: left, top, right, bottom. */
  readonly bounds: readonly [number, number, number, number];
}

/** What a model loses on a scene that it was not taught on: overall accuracy at home, by its transfer estimate, and here. */
export interface TransferDrop {
  readonly scene: string;
  readonly home: number;
  readonly here: number;
}

export interface AssessResult extends Scores {
  readonly assessment: string;
  /** null on the model's own scene, and where its accuracy at home is not known. */
  readonly transfer?: TransferDrop | null;
  readonly classes: readonly ClassAccuracy[];
  readonly areaUnit: 'ha' | 'pixels';
  /** Rows are the map's classes, columns the reference's, in the order of `codes`. */
  readonly confusion: readonly (readonly number[])[];
  readonly codes: readonly number[];
  /** Where the pixels of each cell lie, most pixels first. Absent for rasters, and in results of before. */
  readonly places?: readonly CellPlace[];
  readonly kind: 'transfer estimate' | 'map accuracy';
  readonly protocol: string;
  readonly pixels: number;
  readonly report: string | null;
}

export interface Assessment {
  readonly id: string;
  readonly map: string | null;
  readonly result: AssessResult;
  readonly created: string;
}

/** How pixels that teach are kept from pixels that are asked. */
export const curveSplits = ['field', 'block', 'random'] as const;
export type CurveSplit = (typeof curveSplits)[number];
/** Heads of a learning curve: those of the catalogue that need no encoder of their own, and two classical baselines. */
export const curveHeads = ['linear', 'knn', 'random-forest', 'svm'] as const;
export type CurveHead = (typeof curveHeads)[number];

export interface Spread {
  readonly mean: number;
  /** Standard deviation over seeds (of the sample); 0 for one seed. */
  readonly sd: number;
}

export interface LearnCurveResult {
  readonly split: CurveSplit;
  readonly seeds: number;
  /** Plain words: what was compared with what, and how. */
  readonly protocol: string;
  /** What a reader must know before using the figures, such as classes left out. */
  readonly notes: readonly string[];
  readonly classes: readonly number[];
  readonly results: readonly {
    /** Run id of an encoder, `raw` or `statistics`. */
    readonly features: string;
    readonly head: CurveHead;
    readonly shots: number;
    readonly oa: Spread;
    readonly kappa: Spread;
    readonly macroF1: Spread;
  }[];
  readonly seconds: number;
}

/** Files that leave the project. */
export interface Export {
  readonly files: readonly string[];
  /** The run that is still writing them; null: they are there. */
  readonly run: string | null;
}

export interface DeviceInfo {
  readonly id: string;
  readonly kind: 'compiled' | 'eager';
  readonly available: boolean;
  readonly detail: string;
  /** What was timed here, newest first; `auto` takes the device that is chosen among those that load. */
  readonly timings: readonly {
    /** Method and encoder, or the function. */
    readonly work: string;
    readonly tilesPerSecond: number;
    readonly isChosen: boolean;
    /** One sentence: what it was compared with, and when. */
    readonly reason: string;
    readonly when: string;
  }[];
}

/** What a part of a run takes of memory. */
export type MemoryPart = 'process' | 'state' | 'step' | 'batches' | 'scenes' | 'watch';

/** What a pretraining will take, before it starts. All sizes in bytes. */
export interface RunEstimate {
  /** As the run will have them: bounded by the ground there is. */
  readonly batch: number;
  readonly tile: number;
  readonly epochs: number;
  readonly steps: number;
  /** What was bounded, and why; and what seldom helps. */
  readonly notices: readonly string[];
  /** null: `auto` will time the devices that load when the run starts. */
  readonly device: string | null;
  readonly memory: {
    /** Of the worker process at its peak, and of that what each part takes. */
    readonly bytes: number;
    readonly parts: Readonly<Record<MemoryPart, number>>;
    /** What the system could give now. */
    readonly availableBytes: number;
    /** A run that does not fit is refused. */
    readonly fits: boolean;
    /** In the memory of a GPU, whose size is not known; 0 on the processor. */
    readonly deviceBytes: number;
  };
  readonly batchAdvice: {
    /** The largest multiple of 8 (4 where that is too many) that fits into memory; 0 when none does. */
    readonly largest: number;
    /** The method's own, unless it is more than fits or than there are distinct places. */
    readonly suggested: number;
    readonly reason: string;
  };
  readonly time: {
    /** null until a run of this shape was timed on this machine. */
    readonly seconds: number | null;
    readonly tilesPerSecond: number | null;
    /** One sentence: where the figure comes from. */
    readonly basis: string;
  };
  readonly disk: {
    /** Checkpoint (twice, while a new one replaces the old), encoder and curves. */
    readonly bytes: number;
    /** null where the system does not tell. */
    readonly availableBytes: number | null;
    readonly fits: boolean;
  };
}
