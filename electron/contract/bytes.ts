/**
 * The byte doors: pixels never travel as JSON. Both hosts answer these paths with the same `handleBytes(Request)`.
 *
 * Tiles stand on a grid of the scene: origin at the upper left of its extent, `tileSize` pixels a side, resolution
 * `scene.resolution · 2^(maxZ − z)` where maxZ is the first level at which one pixel of the tile is one of the scene.
 */
import type { MapLayerKind } from './run.ts';

export const tileSize = 256;

/** A tile as a window of the raster, which may reach beyond it; its rows or columns may run the other way. */
export interface Tile {
  readonly col: number;
  readonly row: number;
  readonly width: number;
  readonly height: number;
  readonly flipX: boolean;
  readonly flipY: boolean;
  /** Raster pixels per tile pixel. */
  readonly factor: number;
}

/** Levels of the tile grid of a raster: level 0 fits into one tile. */
export function levels(width: number, height: number): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / tileSize))) + 1;
}

export const byteRoutes = {
  /** Float32, pixel-interleaved: the bands asked for (1 to 4), then alpha (0 or 1). `bands` count from 1. */
  sceneTile: (scene: string, z: number, x: number, y: number, bands: readonly number[]) =>
    `/bytes/scenes/${encodeURIComponent(scene)}/${z}/${x}/${y}?bands=${bands.join(',')}`,
  /** Uint8: class codes (0 = unclassified), confidence in percent, or another layer that the map was made with. */
  mapTile: (map: string, layer: MapLayerKind, z: number, x: number, y: number) =>
    `/bytes/maps/${encodeURIComponent(map)}/${layer}/${z}/${x}/${y}`,
  /** Uint8, four per pixel: the first three axes of what an encoder sees, and alpha. */
  embeddingTile: (run: string, z: number, x: number, y: number) =>
    `/bytes/embeddings/${encodeURIComponent(run)}/colours/${z}/${x}/${y}`,
  /** Uint8: groups of like pixels, from 1. */
  clusterTile: (run: string, z: number, x: number, y: number) =>
    `/bytes/embeddings/${encodeURIComponent(run)}/clusters/${z}/${x}/${y}`,
  /** Uint8: 1 to 101 for how like each pixel is to the one at (col, row) of the scene; 0 where there is none. */
  similarityTile: (run: string, z: number, x: number, y: number, pixel: { col: number; row: number }) =>
    `/bytes/embeddings/${encodeURIComponent(run)}/similarity/${z}/${x}/${y}?col=${pixel.col}&row=${pixel.row}`,
  /** Uint8: class codes or confidence in percent, by what was labelled at that revision of the preview. */
  liveTile: (revision: string, layer: 'class' | 'confidence', z: number, x: number, y: number) =>
    `/bytes/live/${encodeURIComponent(revision)}/${layer}/${z}/${x}/${y}`,
  /** JSON `{lines}`: coastlines and borders, see resources/basemap. */
  baseMap: () => '/bytes/basemap/world',
  /** The written GeoTIFF itself. */
  mapFile: (map: string) => `/bytes/maps/${encodeURIComponent(map)}/file`,
  /** Float32: the squares of a `ViewsPreview`, one after the other, pixel-interleaved: its bands, then alpha. */
  preview: (preview: string) => `/bytes/previews/${encodeURIComponent(preview)}`,
  /** Self-contained HTML. */
  report: (assessment: string) => `/bytes/reports/${encodeURIComponent(assessment)}`,
} as const;
