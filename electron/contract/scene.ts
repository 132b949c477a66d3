import type { MaskId } from './catalog/masks.ts';
import type { CrsRef, Extent } from './geometry.ts';

export interface SceneFile {
  /** Relative to the project folder where possible. */
  readonly path: string;
  readonly bytes: number;
  readonly fingerprint: string;
  readonly status: 'ok' | 'missing' | 'changed';
  /** Its bands that belong to the scene; all when absent. */
  readonly bands?: readonly number[];
  /** The file says where clouds hide the ground, and of which kind it is; absent for a file of pixels. */
  readonly mask?: MaskId;
}

/** Physical value = scale · stored + offset. */
export interface BandUnits {
  readonly scale: number;
  readonly offset: number;
}

/** With `scale` and `offset` where stored numbers are not what was measured; the encoder and the models work on what was. */
export interface SceneBand extends Partial<BandUnits> {
  /** From 1. */
  readonly index: number;
  readonly name: string;
  readonly dtype: string;
  readonly nodata: number | null;
  readonly role: string | null;
  readonly wavelengthNm: number | null;
}

/** What the statistics job found for one band; `p2` and `p98` are the automatic stretch. */
export interface BandSummary {
  readonly index: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly std: number;
  readonly median: number;
  readonly p2: number;
  readonly p98: number;
  readonly valid: number;
  readonly histogram: { readonly min: number; readonly max: number; readonly counts: readonly number[] };
}

export interface SceneStatistics {
  readonly exact: boolean;
  readonly samples: number;
  readonly bands: readonly BandSummary[];
}

/** A band combination that suits this scene; `log` draws powers in decibels. */
export interface Composite {
  readonly id: string;
  readonly name: string;
  readonly bands: readonly [number, number, number];
}

export interface Scene {
  readonly id: string;
  readonly name: string;
  readonly files: readonly SceneFile[];
  /** YYYY-MM-DD. */
  readonly date: string | null;
  /** Id of a sensor preset. */
  readonly sensor: string | null;
  readonly width: number;
  readonly height: number;
  readonly bands: readonly SceneBand[];
  /** null: local pixel coordinates. */
  readonly crs: CrsRef | null;
  readonly geotransform: readonly number[] | null;
  /** In the scene's CRS; local: [0, −height, width, 0]. */
  readonly extent: Extent;
  /** Map units per pixel, x and y, positive. */
  readonly resolution: readonly [number, number];
  readonly statistics: SceneStatistics | null;
  readonly composites: readonly Composite[];
  readonly added: string;
}

/** What `swath scene info` answers about a scene or a file. */
export interface SceneInfo {
  readonly scene: string | null;
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly bands: readonly {
    readonly index: number;
    readonly name: string;
    readonly dtype: string;
    readonly nodata: number | null;
    readonly min: number | null;
    readonly max: number | null;
    readonly mean: number | null;
    readonly std: number | null;
    readonly valid: number | null;
    /** Physical value = scale · stored + offset; absent where stored numbers are used as they are. */
    readonly scale?: number | undefined;
    readonly offset?: number | undefined;
  }[];
  /** EPSG code, WKT or null. */
  readonly crs: number | string | null;
  readonly geotransform: readonly number[] | null;
  readonly exact: boolean | null;
  readonly warnings: readonly string[];
}

export interface PixelValues {
  readonly scene: string;
  readonly col: number;
  readonly row: number;
  /** Per band; null where nodata. */
  readonly values: readonly (number | null)[];
}

/** What the labelled fields of a class look like in each band of a scene. */
export interface ClassSpectrum {
  readonly code: number;
  /** Fields and pixels that were looked at. */
  readonly fields: number;
  readonly pixels: number;
  /** Per band of the scene; null where no pixel was valid. Population standard deviation. */
  readonly mean: readonly (number | null)[];
  readonly std: readonly (number | null)[];
}
