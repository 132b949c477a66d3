/**
 * Everything between files and batches, opened for a run: readers with one order of bands, a normalisation, places,
 * augmentation.
 */
import { must } from '../base/assert.ts';
import { AppError } from '../base/errors.ts';
import { recogniseSensor } from '../contract/catalog/sensors.ts';
import type { PixelRegion, SceneSource } from '../contract/jobs.ts';
import type { RasterReader } from '../raster/types.ts';
import type { PixelSample } from './chooseTransforms.ts';
import { matchBands, type NamedBands } from './normalise.ts';
import { createPlaces, type PlacedScene } from './places.ts';
import { samplePixels } from './samplePixels.ts';
import { bytesKept } from './tiles.ts';
import { openPhysical } from './units.ts';

export interface OpenScenes {
  readonly sources: readonly SceneSource[];
  readonly readers: readonly RasterReader[];
  readonly placed: readonly PlacedScene[];
  dispose(): Promise<void>;
}

/** Side of the squares that statistics are sampled from. */
const statisticsSide = 16;

/** For decoded blocks, of all scenes together. */
const decodedBytes = 128 * 2 ** 20;

/** Bytes that scenes take at most while a run reads from them: decoded blocks and normalised pixels. */
export function bytesOfScenes({ placed, readers }: OpenScenes, bands: number): number {
  const numbers = readers.reduce((sum, { info }) => sum + info.width * info.height * info.bands.length, 0);
  return Math.min(decodedBytes, 4 * numbers) + bytesKept(placed, bands);
}

/** Opens the scenes and sorts the regions to them. Errors: those of `openPhysical`; usage without a scene; bad-input when no region is in one. */
export async function openScenes(
  sources: readonly SceneSource[],
  regions: readonly PixelRegion[],
): Promise<OpenScenes> {
  if (sources.length === 0) {
    throw new AppError('usage', 'There is no scene to learn from', {
      remedy: 'Add a scene to the project first.',
    });
  }
  if (regions.length > 0 && !regions.some(({ scene }) => sources.some((source) => source.scene === scene))) {
    throw new AppError('bad-input', 'None of the regions lies in one of the chosen scenes', {
      remedy: 'Choose the scenes that the regions were drawn in, or leave the regions out.',
    });
  }
  const readers: RasterReader[] = [];
  const dispose = async () => {
    for (const reader of readers) await reader.dispose();
  };
  try {
    const cacheBytes = Math.floor(decodedBytes / sources.length);
    for (const source of sources) readers.push(await openPhysical(source, { cacheBytes }));
  } catch (error) {
    await dispose();
    throw error;
  }
  const placed = readers.map(({ info }, i): PlacedScene => {
    const { scene } = must(sources[i], 'source');
    return {
      name: scene,
      width: info.width,
      height: info.height,
      regions: regions.filter((region) => region.scene === scene).map((region) => region.polygons),
    };
  });
  return { sources, readers, placed, dispose };
}

/** The sensor that the project states for the scene, else the one that its band names tell. */
export function sensorOf(scenes: OpenScenes): string | null {
  const stated = scenes.sources.find((source) => source.sensor !== null)?.sensor;
  const names = must(scenes.readers[0], 'reader').info.bands.map((band) => band.name);
  return stated ?? recogniseSensor(names)?.id ?? null;
}

/** Bands of each scene in the order of the record. Errors: mismatch. */
export function bandsOf(scenes: OpenScenes, record: NamedBands): number[][] {
  return scenes.readers.map(({ info }) => matchBands(record, info));
}

/**
 * Pixels of the chosen regions, to fit a normalisation to. The first scene gives names and order of the bands.
 * Errors: mismatch when the others have other bands.
 */
export async function sampleScenes(
  scenes: OpenScenes,
  options: { seed: number; signal: AbortSignal },
): Promise<PixelSample> {
  const bands = bandsOf(scenes, must(scenes.readers[0], 'reader').info);
  const side = Math.min(statisticsSide, ...scenes.placed.flatMap((scene) => [scene.width, scene.height]));
  const places = createPlaces(scenes.placed, { side, seed: options.seed });
  return samplePixels(scenes.readers, bands, places, options.signal);
}

const dayMs = 86_400_000;

/**
 * Per scene, the others on the same grid whose dates are 1 to `days` apart: where the second view of a seasonal
 * positive may come from. Errors: bad-input when no scene has one.
 */
export function seasonalPartners(scenes: OpenScenes, days: number): number[][] {
  if (days === 0) return scenes.sources.map(() => []);
  const grid = (i: number) => {
    const { width, height, geotransform } = must(scenes.readers[i], 'reader').info;
    return JSON.stringify([width, height, geotransform]);
  };
  const date = (i: number) => Date.parse(scenes.sources[i]?.date ?? '');
  const partners = scenes.sources.map((_, a) =>
    scenes.sources.flatMap((_, b) => {
      const apart = Math.abs(date(a) - date(b)) / dayMs;
      return a !== b && apart > 0 && apart <= days && grid(a) === grid(b) ? [b] : [];
    }),
  );
  if (partners.every((list) => list.length === 0)) {
    throw new AppError('bad-input', `No two scenes show one place within ${days} days`, {
      subject: 'seasonDays',
      remedy: 'Add dated scenes of the same grid, widen the window, or set seasonDays to 0.',
    });
  }
  return partners;
}
