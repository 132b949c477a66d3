/** What `swath bench` measures: bare training steps, the whole training loop, a map. */
export const benchNames = [
  'resnet18-w64-b64',
  'resnet18-w32-b128',
  'resnet18-w16-b128',
  'loop-w32',
  'map',
] as const;
export type BenchName = (typeof benchNames)[number];

/** Tiles are 32 × 32 pixels; in a map so many pixels count as one. */
export interface BenchFigures {
  readonly name: BenchName;
  readonly device: string;
  readonly tilesPerSecond: number;
  readonly pixelsPerSecond: number | null;
  readonly gflops: number;
  /** GFLOP/s of one large matrix product, just before. */
  readonly matmulGflops: number;
  /** The part of that which the case reaches. */
  readonly shareOfMatmul: number;
  /** Speed as a part of the bare engine's, which waits for no reader and no writer; null for bare steps. */
  readonly shareOfEngine: number | null;
  readonly compileSeconds: number;
  /** Where a step's time goes, by operator, most first; null unless asked for, or where the device does not tell. */
  readonly profile: readonly { readonly op: string; readonly share: number }[] | null;
}
