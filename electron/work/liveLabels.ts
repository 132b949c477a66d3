/** What is labelled right now, as rows of features: each field is read once, however often its neighbours change. */
import { hashSeed } from '../base/prng.ts';
import type { PixelField } from '../contract/jobs.ts';
import type { LiveClass } from '../contract/livePreview.ts';
import type { RasterReader, Window } from '../raster/types.ts';
import { intersect, isEmpty } from './blocks.ts';
import { boundsOf, indexFields } from './fieldPixels.ts';
import { fitHead } from './heads/fit.ts';
import type { Head, LabelledRows } from './heads/head.ts';

/** Pixels that a field, and all fields of a class together, teach with at most. */
const [perField, perClass] = [64, 200];
/** Side of the window that a large field is looked at through, around pixels drawn from all of it. */
const window = 256;

interface FieldRows {
  /** Of its shape: a field that was reshaped is read anew. */
  readonly shape: string;
  /** [n, axes], centred. */
  readonly x: Float32Array;
  readonly n: number;
}

export interface LiveLabels {
  /** `head` is null with fewer than two classes. Errors: the signal's reason when it aborts. */
  learn(
    fields: readonly PixelField[],
    signal: AbortSignal,
  ): Promise<{
    readonly codes: readonly number[];
    readonly head: NonNullable<Head['linear']> | null;
    readonly counts: readonly LiveClass[];
  }>;
}

/** `middle` is the byte of a feature that is at its mean. */
export function createLiveLabels(reader: RasterReader, middle: number): LiveLabels {
  const axes = reader.info.bands.length;
  let known = new Map<string, FieldRows>();

  async function rowsOf(field: PixelField): Promise<FieldRows> {
    const shape = JSON.stringify(field.polygons);
    const before = known.get(field.id);
    if (before?.shape === shape) return before;
    const x: number[] = [];
    for (const part of partsOf(field, reader.info)) {
      const inside = indexFields([field]).burn(part);
      const { bands, valid } = await reader.readWindow(part);
      const own = [...inside.keys()].filter((i) => inside[i] && valid[i]);
      const drawn = thin(own, perField, part);
      for (const i of drawn) for (const band of bands) x.push((band[i] ?? middle) - middle);
    }
    return { shape, x: Float32Array.from(x), n: x.length / axes };
  }

  return {
    async learn(fields, signal) {
      const read = new Map<string, FieldRows>();
      for (const field of fields) {
        signal.throwIfAborted();
        read.set(field.id, await rowsOf(field));
      }
      known = read;
      const seen = fields.filter((field) => (read.get(field.id)?.n ?? 0) > 0);
      const codes = [...new Set(seen.map((field) => field.classCode))].sort((a, b) => a - b);
      const counts = codes.map((code) => {
        const own = seen.filter((field) => field.classCode === code);
        const pixels = own.reduce((sum, field) => sum + (read.get(field.id)?.n ?? 0), 0);
        return { code, fields: own.length, pixels };
      });
      if (codes.length < 2) return { codes, head: null, counts };
      const rows = stack(seen, read, codes, axes);
      return { codes, head: (await fitHead('linear', rows, 0, signal)).linear, counts };
    },
  };
}

/** The same share of every field of a class, so that all of them teach and a large one does not drown the rest. */
function stack(
  fields: readonly PixelField[],
  read: ReadonlyMap<string, FieldRows>,
  codes: readonly number[],
  axes: number,
): LabelledRows {
  const x: Float32Array[] = [];
  const y: number[] = [];
  const group: number[] = [];
  const members = Map.groupBy(fields.entries(), ([, field]) => field.classCode);
  for (const [code, own] of members) {
    const share = Math.max(1, Math.floor(perClass / own.length));
    for (const [index, field] of own) {
      const rows = read.get(field.id);
      for (let i = 0; i < Math.min(share, rows?.n ?? 0); i++) {
        x.push((rows as FieldRows).x.subarray(i * axes, (i + 1) * axes));
        y.push(codes.indexOf(code));
        group.push(index);
      }
    }
  }
  const all = new Float32Array(x.length * axes);
  for (const [i, row] of x.entries()) all.set(row, i * axes);
  return {
    x: all,
    y: Int32Array.from(y),
    group: Int32Array.from(group),
    n: y.length,
    d: axes,
    classes: codes.length,
  };
}

/** The field's own bounds, or windows spread over them where they are large. */
function partsOf(field: PixelField, scene: { readonly width: number; readonly height: number }): Window[] {
  const bounds = boundsOf(field.polygons);
  if (!bounds) return [];
  const inside = intersect(bounds, { col: 0, row: 0, width: scene.width, height: scene.height });
  if (isEmpty(inside)) return [];
  if (inside.width <= 2 * window && inside.height <= 2 * window) return [inside];
  const columns = Math.min(2, Math.ceil(inside.width / window));
  const rows = Math.min(2, Math.ceil(inside.height / window));
  return Array.from({ length: columns * rows }, (_, i) => {
    const width = Math.min(window, inside.width);
    const height = Math.min(window, inside.height);
    const x = columns === 1 ? 0 : Math.floor(((i % columns) * (inside.width - width)) / (columns - 1));
    const y = rows === 1 ? 0 : Math.floor((Math.floor(i / columns) * (inside.height - height)) / (rows - 1));
    return { col: inside.col + x, row: inside.row + y, width, height };
  });
}

/** `most` of them, the same ones every time, in an order that is a draw: a beginning of it is a smaller draw. */
function thin(pixels: readonly number[], most: number, { col, row }: Window): number[] {
  const rank = (i: number) => hashSeed(col, row, i);
  return [...pixels].sort((a, b) => rank(a) - rank(b)).slice(0, most);
}
