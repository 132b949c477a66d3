/**
 * Where tiles come from. Place n of a run follows from the seed and n alone, so that a resumed run needs no more than
 * its step number. Regions have equal shares; within one, every pixel has the same chance to be a tile's centre.
 *
 * An epoch has no natural end, because positions are drawn anew: it is the number of tiles that the settings give
 * (`tilesPerEpoch`). `distinct` tells how many tiles fit side by side, for what depends on it (the queue of MoCo).
 */
import { must } from '../base/assert.ts';
import { AppError } from '../base/errors.ts';
import { type Prng, prngFrom } from '../base/prng.ts';
import type { PixelPolygons } from '../contract/jobs.ts';
import type { Window } from '../raster/types.ts';
import { drawPixel, holdsPixel, polygonSpans, type Spans, windowSpans } from './spans.ts';

export interface PlacedScene {
  /** For messages. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Regions of this scene, in its pixel coordinates. */
  readonly regions: readonly PixelPolygons[];
}

/** A square of `side` pixels in a scene. */
export interface Place {
  readonly scene: number;
  readonly col: number;
  readonly row: number;
  /** The part of the scene that is read for this place and its like; null when the whole scene is at hand. */
  readonly window: Window | null;
}

/**
 * For scenes that do not fit in memory: places are drawn from a few windows at a time, each read once and used for
 * `life` places before another takes its turn. Neighbours in a batch come from different windows.
 */
export interface WindowPool {
  readonly windows: number;
  readonly side: number;
  readonly life: number;
}

export interface Places {
  readonly side: number;
  /** Squares of `tile` pixels that would fit into the regions side by side. */
  distinct(tile: number): number;
  /** Place n; a higher attempt is another draw, for when the first fell on nodata. */
  at(n: number, attempt: number): Place;
}

interface Region {
  readonly scene: number;
  /** Centres whose square lies inside the scene. */
  readonly centres: Spans;
  readonly pixels: number;
}

/**
 * Errors: bad-input when a scene is smaller than a square, or when no square with its centre in a region lies inside
 * its scene. Without any region all scenes are drawn from, evenly.
 */
export function createPlaces(
  scenes: readonly PlacedScene[],
  { side, seed, pool = null }: { side: number; seed: number; pool?: WindowPool | null },
): Places {
  const half = Math.floor(side / 2);
  const anyRegion = scenes.some((scene) => scene.regions.length > 0);
  const regions = scenes.flatMap((scene, index): Region[] => {
    if (anyRegion && scene.regions.length === 0) return [];
    assertLargeEnough(scene, side);
    const inside = {
      col: half,
      row: half,
      width: scene.width - side + 1,
      height: scene.height - side + 1,
    };
    const whole = { col: 0, row: 0, width: scene.width, height: scene.height };
    if (!anyRegion)
      return [{ scene: index, centres: windowSpans(inside), pixels: scene.width * scene.height }];
    return scene.regions.map((polygons) => ({
      scene: index,
      centres: polygonSpans(polygons, inside),
      pixels: polygonSpans(polygons, whole).pixels,
    }));
  });
  const usable = regions.filter((region) => region.centres.pixels > 0);
  if (usable.length === 0) {
    throw new AppError('bad-input', `No tile of ${side} pixels fits into the chosen regions`, {
      remedy: 'Draw larger regions, farther from the edge of the scene, or choose a smaller tile.',
    });
  }
  const draw = (prng: Prng) => {
    const region = must(usable[prng.integer(usable.length)], 'region');
    return { region, ...drawPixel(region.centres, prng) };
  };
  const corner = (region: Region, centre: { col: number; row: number }, window: Window | null): Place => ({
    scene: region.scene,
    col: centre.col - half,
    row: centre.row - half,
    window,
  });

  const windowAt = (slot: number, generation: number, windowSide: number) => {
    const { region, col, row } = draw(prngFrom(seed, 'window', slot, generation));
    const scene = must(scenes[region.scene], 'scene');
    const lay = (centre: number, size: number) => {
      const length = Math.min(windowSide, size);
      const start = Math.min(size - length, Math.max(0, centre - Math.floor(length / 2)));
      return { start, length };
    };
    const [x, y] = [lay(col, scene.width), lay(row, scene.height)];
    const window = { col: x.start, row: y.start, width: x.length, height: y.length };
    return { region, centre: { col, row }, window };
  };

  return {
    side,
    distinct: (tile) =>
      regions.reduce((sum, region) => sum + Math.max(1, Math.floor(region.pixels / tile ** 2)), 0),
    at(n, attempt) {
      const prng = prngFrom(seed, 'place', n, attempt);
      if (!pool) {
        const { region, ...centre } = draw(prng);
        return corner(region, centre, null);
      }
      const slot = prng.integer(pool.windows);
      // Windows are replaced in turn, never all at once.
      const generation = Math.floor((n + slot * pool.life) / (pool.life * pool.windows));
      const { region, centre, window } = windowAt(slot, generation, pool.side);
      for (let i = 0; i < 64; i++) {
        const col = window.col + half + prng.integer(window.width - side + 1);
        const row = window.row + half + prng.integer(window.height - side + 1);
        if (holdsPixel(region.centres, col, row)) return corner(region, { col, row }, window);
      }
      const col = Math.min(window.col + window.width - side, Math.max(window.col, centre.col - half));
      const row = Math.min(window.row + window.height - side, Math.max(window.row, centre.row - half));
      return { scene: region.scene, col, row, window };
    },
  };
}

function assertLargeEnough(scene: PlacedScene, side: number): void {
  if (scene.width >= side && scene.height >= side) return;
  throw new AppError(
    'bad-input',
    `${scene.name} is ${scene.width} × ${scene.height} pixels; a tile with its margin needs ${side} × ${side}`,
    { subject: scene.name, remedy: 'Choose a smaller tile (--tile), a smaller shift, or a larger scene.' },
  );
}
