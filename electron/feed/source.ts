/**
 * One reader over the files of a scene. Files of one area are stacked: their bands in the order of the files, on the
 * finest grid among them. Areas side by side become a mosaic.
 * Coarser files are brought to it by nearest neighbour, so that no value is invented (the 20 m bands of Sentinel-2).
 */
import { must } from '../base/assert.ts';
import { AppError } from '../base/errors.ts';
import type { SceneSource } from '../contract/jobs.ts';
import { openRaster } from '../raster/open.ts';
import { guessSensor } from '../raster/sensors.ts';
import type { PixelArray, RasterInfo, RasterReader, WindowPixels } from '../raster/types.ts';
import { hideClouds } from './cloudMask.ts';
import { mosaic } from './mosaic.ts';
import { pickBands } from './pickBands.ts';
import { inFile, type Placement, placeFile, readNearest } from './placement.ts';

interface Stacked extends Placement {
  /** Position of the file's first band in the stack. */
  readonly firstBand: number;
}

/**
 * Opens all files of a scene as one raster. `cacheBytes` bounds the decoded blocks kept by all files together; `overviews`
 * says which files have reduced versions beside them.
 * Errors: those of `openRaster`; mismatch for files that neither cover one area with parallel axes nor are
 * tiles of one grid.
 */
export async function openSource(
  source: SceneSource,
  options: { cacheBytes?: number; overviews?: ReadonlyMap<string, string> } = {},
): Promise<RasterReader> {
  const paths = [...source.files, ...(source.mask?.files ?? [])];
  const cacheBytes = Math.floor((options.cacheBytes ?? 128 * 2 ** 20) / Math.max(1, paths.length));
  const readers: RasterReader[] = [];
  try {
    for (const path of paths) {
      const overviewPath = options.overviews?.get(path);
      readers.push(await openRaster(path, { cacheBytes, overviewPath }));
    }
    const pixels = readers.slice(0, source.files.length).map((reader, i) => {
      const picked = source.picks?.[i];
      return picked ? pickBands(reader, picked) : reader;
    });
    const scene = oneRaster(pixels);
    return source.mask
      ? hideClouds(scene, oneRaster(readers.slice(source.files.length)), source.mask.kind)
      : scene;
  } catch (error) {
    for (const reader of readers) await reader.dispose();
    throw error;
  }
}

/** Files of one area stacked, areas side by side. Errors: mismatch. */
function oneRaster(readers: readonly RasterReader[]): RasterReader {
  const stacks = sameArea(readers).map((group) =>
    group.length === 1 ? must(group[0], 'file') : stack(group),
  );
  return stacks.length === 1 ? must(stacks[0], 'file of the scene') : mosaic(stacks);
}

/** Files of one area belong together, in their order: one file per band, or per date. Each area is a tile of a mosaic. */
function sameArea(readers: readonly RasterReader[]): RasterReader[][] {
  const groups: RasterReader[][] = [];
  for (const reader of readers) {
    const group = groups.find(([first]) => first && fits(reader.info, first.info));
    if (group) group.push(reader);
    else groups.push([reader]);
  }
  return groups;
}

function fits(a: RasterInfo, b: RasterInfo): boolean {
  const [coarse, fine] = a.width * a.height < b.width * b.height ? [a, b] : [b, a];
  return placeFile(coarse, fine) !== null;
}

function stack(readers: readonly RasterReader[]): RasterReader {
  const finest = readers.reduce((best, next) =>
    next.info.width * next.info.height > best.info.width * best.info.height ? next : best,
  );
  let firstBand = 0;
  const files = readers.map((reader): Stacked => {
    const place = placeFile(reader.info, finest.info);
    if (!place) throw differentGrids(reader.info, finest.info);
    const placed = { reader, ...place, firstBand };
    firstBand += reader.info.bands.length;
    return placed;
  });
  const bands = readers.flatMap((reader) => reader.info.bands).map((band, i) => ({ ...band, index: i + 1 }));
  const { path, metadata } = finest.info;
  const info: RasterInfo = {
    ...finest.info,
    bands,
    // One band tells no sensor, all of them may.
    sensor: guessSensor({ path, bands, metadata }) ?? finest.info.sensor,
    warnings: readers.flatMap((reader) => reader.info.warnings),
  };
  const read = async (
    bands: readonly number[],
    size: { width: number; height: number },
    readFile: (file: Stacked, bands: readonly number[]) => Promise<WindowPixels>,
  ): Promise<WindowPixels> => {
    assertBands(bands, info);
    const pixels = new Map<number, PixelArray>();
    const valid = new Uint8Array(size.width * size.height).fill(1);
    for (const file of files) {
      const last = file.firstBand + file.reader.info.bands.length;
      const own = bands.filter((band) => band > file.firstBand && band <= last);
      if (own.length === 0) continue;
      const part = await readFile(
        file,
        own.map((band) => band - file.firstBand),
      );
      own.forEach((band, i) => {
        pixels.set(band, must(part.bands[i], 'band'));
      });
      for (let i = 0; i < valid.length; i++) if (part.valid[i] === 0) valid[i] = 0;
    }
    return { ...size, bands: bands.map((band) => must(pixels.get(band), `band ${band}`)), valid };
  };
  const all = info.bands.map((band) => band.index);
  return {
    info,
    readWindow: (window, bands = all) => read(bands, window, (file, own) => readNearest(file, window, own)),
    readResampled: (window, width, height, bands = all, method) =>
      read(bands, { width, height }, (file, own) =>
        file.reader.readResampled(inFile(file, window), width, height, own, method),
      ),
    async dispose() {
      for (const reader of readers) await reader.dispose();
    },
  };
}

function differentGrids(info: RasterInfo, finest: RasterInfo): AppError {
  const size = (i: RasterInfo) => `${i.width} × ${i.height} pixels of ${i.crs?.name ?? 'no CRS'}`;
  return new AppError(
    'mismatch',
    `The files of one scene must cover the same area: ${info.path} has ${size(info)}, ${finest.path} has ${size(finest)}`,
    { subject: info.path, remedy: 'Add files of another area or date as a scene of their own.' },
  );
}

function assertBands(bands: readonly number[], info: RasterInfo): void {
  const wrong = bands.find((band) => !Number.isInteger(band) || band < 1 || band > info.bands.length);
  if (wrong !== undefined) {
    throw new AppError('bad-input', `There is no band ${wrong}: the scene has ${info.bands.length}`, {
      subject: info.path,
      remedy: `Give bands from 1 to ${info.bands.length}.`,
    });
  }
}
