/** What 8-bit weights change: both files are run on tiles of the project's own scene, as another program would run them. */
import { must } from '../base/assert.ts';
import type { NdArray } from '../compute/step.ts';
import type { Normalisation } from '../contract/encoder.ts';
import type { Int8Report } from '../contract/int8Report.ts';
import type { ExportCheck } from '../contract/jobs.ts';
import type { Engine } from '../engine/types.ts';
import { matchBands } from '../feed/normalise.ts';
import { openSource } from '../feed/source.ts';
import type { RasterReader, Window } from '../raster/types.ts';
import { intersect, planBlocks } from './blocks.ts';
import { indexFields } from './fieldPixels.ts';

/** Tiles that are compared: seconds of work, and some hundred thousand pixels. */
const comparedTiles = 4;

export interface Compared {
  readonly engine: Engine;
  readonly float32: Uint8Array;
  readonly int8: Uint8Array;
  readonly side: number;
  readonly normalisation: Normalisation;
  /** Class code of each output channel; null for features. */
  readonly codes: readonly number[] | null;
}

/** Errors: those of reading the scene; mismatch for a scene with other bands. */
export async function compareExports(compared: Compared, check: ExportCheck): Promise<Int8Report> {
  const { engine, float32, int8, side, normalisation, codes } = compared;
  const reader = await openSource(check.source);
  const exact = await engine.loadModel(float32);
  const small = await engine.loadModel(int8);
  try {
    const whole = { col: 0, row: 0, width: reader.info.width, height: reader.info.height };
    const fields = indexFields(check.fields);
    const windows = planBlocks(whole, side).blocks.map((block) => intersect(block, whole));
    const labelledWindows = windows.filter((window) => fields.touches(window));
    const bands = matchBands(normalisation, reader.info);
    const sum = { pixels: 0, alike: 0, labelled: 0, exact: 0, small: 0 };
    for (const window of spread(labelledWindows.length > 0 ? labelledWindows : windows)) {
      const { x, valid } = await readTile(reader, bands, window, side);
      const [name] = [codes ? 'probabilities' : 'features'];
      const a = must((await exact.run({ x }))[name], name);
      const b = must((await small.run({ x }))[name], name);
      const ids = fields.burn(window);
      for (let y = 0; y < window.height; y++) {
        for (let col = 0; col < window.width; col++) {
          if (!valid[y * window.width + col]) continue;
          const pixel = y * side + col;
          sum.pixels++;
          if (!codes) {
            sum.alike += cosine(a, b, pixel);
            continue;
          }
          const [one, other] = [codes[largest(a, pixel)], codes[largest(b, pixel)]];
          if (one === other) sum.alike++;
          const field = check.fields[(ids[y * window.width + col] ?? 0) - 1];
          if (!field) continue;
          sum.labelled++;
          if (one === field.classCode) sum.exact++;
          if (other === field.classCode) sum.small++;
        }
      }
    }
    return {
      bytes: { float32: float32.byteLength, int8: int8.byteLength },
      measure: codes ? 'same class' : 'cosine of features',
      pixels: sum.pixels,
      agreement: sum.pixels > 0 ? sum.alike / sum.pixels : null,
      labelled:
        sum.labelled > 0
          ? {
              pixels: sum.labelled,
              float32: sum.exact / sum.labelled,
              int8: sum.small / sum.labelled,
            }
          : null,
    };
  } finally {
    await exact.dispose();
    await small.dispose();
    await reader.dispose();
  }
}

function spread(windows: readonly Window[]): Window[] {
  const step = Math.max(1, windows.length / comparedTiles);
  return Array.from({ length: Math.min(comparedTiles, windows.length) }, (_, i) =>
    must(windows[Math.floor(i * step)], 'tile'),
  );
}

/** Stored numbers in the upper left of a tile of the size that the file takes; zero where there is none. */
async function readTile(
  reader: RasterReader,
  bands: readonly number[],
  window: Window,
  side: number,
): Promise<{ x: NdArray; valid: Uint8Array }> {
  const pixels = await reader.readWindow(window, [...bands]);
  const data = new Float32Array(bands.length * side * side);
  pixels.bands.forEach((band, c) => {
    for (let i = 0; i < pixels.valid.length; i++) {
      if (!pixels.valid[i]) continue;
      const at = Math.floor(i / window.width) * side + (i % window.width);
      data[c * side * side + at] = Number(band[i]);
    }
  });
  return { x: { shape: [1, bands.length, side, side], data }, valid: pixels.valid };
}

/** Channel with the largest value at a pixel; [1, C, H, W]. */
function largest({ shape, data }: NdArray, pixel: number): number {
  const [, channels = 0, height = 0, width = 0] = shape;
  let best = 0;
  for (let c = 1; c < channels; c++)
    if ((data[c * height * width + pixel] ?? 0) > (data[best * height * width + pixel] ?? 0)) best = c;
  return best;
}

function cosine(a: NdArray, b: NdArray, pixel: number): number {
  const [, channels = 0, height = 0, width = 0] = a.shape;
  let [dot, aa, bb] = [0, 0, 0];
  for (let c = 0; c < channels; c++) {
    const at = c * height * width + pixel;
    const [p, q] = [a.data[at] ?? 0, b.data[at] ?? 0];
    dot += p * q;
    aa += p * p;
    bb += q * q;
  }
  return aa > 0 && bb > 0 ? dot / Math.sqrt(aa * bb) : 1;
}
