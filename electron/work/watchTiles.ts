/** The tiles that a run is watched on: the same from the first epoch to the last, and after a resume. */
import { prngFrom } from '../base/prng.ts';
import type { PixelField } from '../contract/jobs.ts';
import type { Batches } from '../feed/batches.ts';
import type { OpenScenes } from '../feed/open.ts';
import { createPlaces } from '../feed/places.ts';
import { drawPixel, polygonSpans } from '../feed/spans.ts';
import { fitInMemory, type Tiles, windowPool } from '../feed/tiles.ts';
import type { TileSet } from './embedTiles.ts';
import { totalSteps } from './pretrainLoop.ts';
import type { PretrainPlan } from './pretrainPlan.ts';

/** Enough for the spectrum of 128 features, and a second's work. */
const watched = 1024;
const pairs = 64;
const perField = 8;
const maxFieldTiles = 2000;

export interface LabelledTiles extends TileSet {
  readonly classes: Int32Array;
  /** Which field a tile is from: neighbours of the same field do not count. */
  readonly fields: Int32Array;
}

const watchedIn = (plan: PretrainPlan): number =>
  Math.min(watched, Math.max(64, 2 * plan.stepsPerEpoch * plan.batch));
const perFieldOf = (fields: number): number =>
  Math.max(1, Math.min(perField, Math.floor(maxFieldTiles / Math.max(1, fields))));

/** Tiles kept in memory for the whole run, at most. */
export const keptTiles = (plan: PretrainPlan, fields: number): number =>
  watchedIn(plan) + 2 * Math.ceil(pairs / plan.batch) * plan.batch + perFieldOf(fields) * fields;

/** Tiles from the run's own kind of places, not augmented. */
export async function drawWatched(
  plan: PretrainPlan,
  scenes: OpenScenes,
  tiles: Tiles,
  bands: number,
): Promise<TileSet> {
  const { tile } = plan;
  const pool = fitInMemory(scenes.placed, bands) ? null : windowPool(bands, tile);
  const places = createPlaces(scenes.placed, { side: tile, seed: plan.seed + 1, pool });
  const count = watchedIn(plan);
  const size = tile * tile * bands;
  const pixels = new Float32Array(count * size);
  for (let n = 0; n < count; n++) {
    const out = pixels.subarray(n * size, (n + 1) * size);
    for (let attempt = 0; attempt < 50; attempt++) {
      if ((await tiles.read(places.at(n, attempt), tile, out)) >= 1 - plan.nodata) break;
    }
  }
  return { pixels, count };
}

/**
 * Two views each of at least 64 tiles, augmented as in training: from the batches after the run's last, so that they
 * stay the same whatever has been trained.
 */
export async function drawPairs(
  plan: PretrainPlan,
  batches: Batches,
  bands: number,
): Promise<{ readonly view1: TileSet; readonly view2: TileSet }> {
  const length = plan.batch * plan.tile ** 2 * bands;
  const steps = Math.ceil(pairs / plan.batch);
  const [view1, view2] = [new Float32Array(steps * length), new Float32Array(steps * length)];
  for (let i = 0; i < steps; i++) {
    const pair = await batches.prepare(totalSteps(plan) + i);
    view1.set(pair.view1, i * length);
    view2.set(pair.view2, i * length);
  }
  const count = steps * plan.batch;
  return { view1: { pixels: view1, count }, view2: { pixels: view2, count } };
}

/**
 * Tiles about pixels of labelled fields; null unless two classes have two fields each, because a neighbour counts only
 * when it is from another field.
 */
export async function drawLabelled(
  plan: PretrainPlan,
  scenes: OpenScenes,
  tiles: Tiles,
  bands: number,
  fields: readonly PixelField[],
): Promise<LabelledTiles | null> {
  const { tile } = plan;
  const size = tile * tile * bands;
  const share = perFieldOf(fields.length);
  const inMemory = fitInMemory(scenes.placed, bands);
  const parts: { pixels: Float32Array; classCode: number; field: number }[] = [];
  for (const [index, field] of fields.entries()) {
    const scene = scenes.placed.findIndex((placed) => placed.name === field.scene);
    const { width, height } = scenes.placed[scene] ?? { width: 0, height: 0 };
    const spans = polygonSpans(field.polygons, { col: 0, row: 0, width, height });
    if (spans.pixels === 0 || width < tile || height < tile) continue;
    const prng = prngFrom(plan.seed, 'watched field', field.id);
    for (let i = 0; i < Math.min(share, spans.pixels); i++) {
      const centre = drawPixel(spans, prng);
      const col = Math.min(width - tile, Math.max(0, centre.col - Math.floor(tile / 2)));
      const row = Math.min(height - tile, Math.max(0, centre.row - Math.floor(tile / 2)));
      const window = inMemory ? null : { col, row, width: tile, height: tile };
      const pixels = new Float32Array(size);
      const valid = await tiles.read({ scene, col, row, window }, tile, pixels);
      if (valid >= 0.5) parts.push({ pixels, classCode: field.classCode, field: index });
    }
  }
  const perClass = Map.groupBy(parts, (part) => part.classCode);
  const several = [...perClass.values()].filter((list) => new Set(list.map((p) => p.field)).size > 1);
  if (several.length < 2) return null;
  const kept = several.flat();
  const pixels = new Float32Array(kept.length * size);
  kept.forEach((part, i) => {
    pixels.set(part.pixels, i * size);
  });
  return {
    pixels,
    count: kept.length,
    classes: Int32Array.from(kept, (part) => part.classCode),
    fields: Int32Array.from(kept, (part) => part.field),
  };
}
