/**
 * Normalised squares of pixels, on demand. Scenes that fit are normalised once and kept; of larger ones the windows of
 * the pool are kept while they serve. Both give the same numbers.
 */
import { assert, must } from '../base/assert.ts';
import { ByteCache } from '../base/disposable.ts';
import type { Normalisation } from '../contract/encoder.ts';
import type { RasterReader, Window } from '../raster/types.ts';
import { applyNormalisation } from './normalise.ts';
import type { Place, WindowPool } from './places.ts';

/** Normalised pixels kept in memory, of all scenes of a run together. */
export const keptBytes = 256 * 2 ** 20;

export interface OpenScene {
  readonly reader: RasterReader;
  /** The normalisation's bands in the file, from 1. */
  readonly bands: readonly number[];
}

export interface Tiles {
  /** Fills `out` with side² interleaved pixels from the place's corner; answers the share of them that is valid. */
  read(place: Place, side: number, out: Float32Array): Promise<number>;
}

interface Held {
  readonly window: Window;
  readonly pixels: Float32Array;
  readonly valid: Uint8Array;
}

const bytesPerPixel = (bands: number) => 4 * bands + 1;

/** Do all scenes fit into memory once normalised? */
export function fitInMemory(
  scenes: readonly { width: number; height: number }[],
  bands: number,
  bytes = keptBytes,
): boolean {
  return wholeBytes(scenes, bands) <= bytes;
}

/** Bytes of normalised pixels that a run keeps: all of them, or as many as it may. */
export const bytesKept = (scenes: readonly { width: number; height: number }[], bands: number): number =>
  Math.min(keptBytes, wholeBytes(scenes, bands));

const wholeBytes = (scenes: readonly { width: number; height: number }[], bands: number): number =>
  bytesPerPixel(bands) * scenes.reduce((sum, scene) => sum + scene.width * scene.height, 0);

/**
 * The pool for scenes that do not fit: 48 windows at a time in three quarters of the memory, so that the next ones have
 * room; a window serves as many places as it holds tiles, and 32 at least, which makes reading cheap beside a step.
 */
export function windowPool(bands: number, side: number, bytes = keptBytes): WindowPool {
  const windows = 48;
  const room = Math.floor(Math.sqrt((0.75 * bytes) / windows / bytesPerPixel(bands)));
  const windowSide = Math.max(side, Math.min(512, room));
  return { windows, side: windowSide, life: Math.max(32, Math.floor((windowSide / side) ** 2)) };
}

export function createTiles(
  scenes: readonly OpenScene[],
  record: Normalisation,
  options: { bytes?: number } = {},
): Tiles {
  const cache = new ByteCache<Promise<Held>>(Math.max(options.bytes ?? keptBytes, 1));
  const whole: (Promise<Held> | undefined)[] = scenes.map(() => undefined);
  const load = (scene: number, window: Window) => loadWindow(must(scenes[scene], 'scene'), record, window);
  const find = (place: Place): Promise<Held> => {
    if (!place.window) {
      const { info } = must(scenes[place.scene], 'scene').reader;
      const all = { col: 0, row: 0, width: info.width, height: info.height };
      const held = whole[place.scene] ?? load(place.scene, all);
      whole[place.scene] = held;
      return held;
    }
    const { col, row, width, height } = place.window;
    const key = `${place.scene}:${col}:${row}:${width}`;
    const kept = cache.get(key);
    if (kept) return kept;
    const held = load(place.scene, place.window);
    cache.set(key, held, width * height * bytesPerPixel(record.bands.length));
    return held;
  };
  return {
    read: async (place, side, out) => copySquare(await find(place), place, side, record.bands.length, out),
  };
}

/** Reads in strips, so that raw and normalised pixels of a large scene are not held at once. */
async function loadWindow(scene: OpenScene, record: Normalisation, window: Window): Promise<Held> {
  const channels = record.bands.length;
  const pixels = new Float32Array(window.width * window.height * channels);
  const valid = new Uint8Array(window.width * window.height);
  const strip = Math.max(1, Math.floor((8 * 2 ** 20) / (window.width * channels)));
  for (let y = 0; y < window.height; y += strip) {
    const height = Math.min(strip, window.height - y);
    const part = await scene.reader.readWindow({ ...window, row: window.row + y, height }, scene.bands);
    const start = y * window.width;
    const count = window.width * height;
    applyNormalisation(record, part, pixels.subarray(start * channels, (start + count) * channels));
    valid.set(part.valid, start);
  }
  return { window, pixels, valid };
}

function copySquare(held: Held, place: Place, side: number, channels: number, out: Float32Array): number {
  const { window, pixels, valid } = held;
  const col = place.col - window.col;
  const row = place.row - window.row;
  assert(
    col >= 0 && row >= 0 && col + side <= window.width && row + side <= window.height,
    'A tile reaches beyond what was read for it',
  );
  let good = 0;
  for (let y = 0; y < side; y++) {
    const start = (row + y) * window.width + col;
    out.set(pixels.subarray(start * channels, (start + side) * channels), y * side * channels);
    for (let x = 0; x < side; x++) good += valid[start + x] ? 1 : 0;
  }
  return good / side ** 2;
}
