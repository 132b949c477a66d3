/** What the engine offers to `work/`. Everything else in this room is behind these types. */
import type { Arrays, ForwardSpec, NdArray, StepSpec } from '../compute/step.ts';
import type { LoadedModel } from './run/model.ts';
import type { MemoryNeeds } from './run/needs.ts';

/** `cpu`, `webgpu`, `dml`, `coreml`, `cuda` are compiled (onnxruntime); the rest run eagerly on a tfjs backend. */
export const deviceIds = [
  'cpu',
  'webgpu',
  'dml',
  'coreml',
  'cuda',
  'tensorflow',
  'wasm',
  'tfjs-cpu',
] as const;
export type DeviceId = (typeof deviceIds)[number];
export type DeviceChoice = DeviceId | 'auto';

/** What `auto` found for one kind of work on this machine. */
export interface DeviceTiming {
  /** Name of the step or function that was timed. */
  readonly work: string;
  readonly tilesPerSecond: number;
  /** The fastest of those that were timed. */
  readonly isChosen: boolean;
  /** One sentence: what it was compared with, and when. */
  readonly reason: string;
  readonly when: string;
}

export interface DeviceReport {
  readonly id: DeviceId;
  readonly kind: 'compiled' | 'eager';
  readonly available: boolean;
  /** Why it is not available, or what it is. */
  readonly detail: string;
  /** Newest first; empty until something ran here. */
  readonly timings: readonly DeviceTiming[];
}

/** What is known of a step before it runs. */
export interface StepEstimate {
  /** null where `auto` has yet to time the devices that load. */
  readonly device: DeviceId | null;
  /** Bytes at the peak: in the processor's memory, and in the device's own. */
  readonly memory: MemoryNeeds;
  /** As measured on this machine before; null where it never was. */
  readonly tilesPerSecond: number | null;
  /** When that was, as an ISO time. */
  readonly measured: string | null;
}

export interface EngineOptions {
  readonly device: DeviceChoice;
  /** Threads for the CPU provider; the engine chooses when absent. */
  readonly threads?: number | undefined;
  /** Devices that `auto` passes over, because they failed. */
  readonly without?: readonly DeviceId[] | undefined;
  /** Prefix of onnxruntime's profile file, which a compiled device writes when it is disposed. */
  readonly profile?: string | undefined;
}

interface OnDevice {
  readonly device: DeviceId;
  /** One sentence for people: why this device. Recorded with the run; it may come to name a rate once a few runs are timed. */
  readonly deviceReason: string;
  /** Seconds spent tracing and building the session. */
  readonly compileSeconds: number;
  dispose(): Promise<void>;
}

/** A training step that keeps its state where it runs. Calls are made one after another, never at once. */
export interface RunningStep extends OnDevice {
  /** One step: batch in, metrics out. `hyper` are scalars by name. Throws AppError `device` or `out-of-memory`. */
  run(batch: Arrays, hyper: Readonly<Record<string, number>>): Promise<Arrays>;
  /** A copy of the whole state, for a checkpoint. */
  readState(): Promise<Arrays>;
}

export interface RunningForward extends OnDevice {
  run(inputs: Arrays): Promise<Arrays>;
}

export interface Engine {
  devices(): Promise<DeviceReport[]>;
  /** Draws the step and runs nothing. Throws `unsupported` when it cannot be drawn. */
  estimateStep(spec: StepSpec, options: EngineOptions): Promise<StepEstimate>;
  /** Bytes that a function takes on the processor, weights included. */
  forwardMemory(spec: ForwardSpec): number;
  startStep(spec: StepSpec, state: Arrays, options: EngineOptions): Promise<RunningStep>;
  startForward(spec: ForwardSpec, weights: Arrays, options: EngineOptions): Promise<RunningForward>;
  /** The function with its weights inside, as an ONNX model. `metadata` values are written to metadata_props as they are. */
  exportOnnx(
    spec: ForwardSpec,
    weights: Arrays,
    metadata: Readonly<Record<string, string>>,
    /** Weights as 8-bit integers with a scale per channel. */
    options?: { readonly int8?: boolean },
  ): Uint8Array;
  /** An ONNX file as another program would run it. */
  loadModel(bytes: Uint8Array): Promise<LoadedModel>;
}

export type { Arrays, ForwardSpec, NdArray, StepSpec };
