import type { ByteCache } from '../../base/disposable.ts';
import { type Refusal, refusalOf, refuse } from '../refusal.ts';
import type { FileSource } from '../source.ts';
import type { PixelArray } from '../types.ts';
import { type BlockPlace, blockTable } from './blockTable.ts';
import type { CodecTables } from './codecTables.ts';
import { decodeBlock } from './decode.ts';
import type { Layout } from './layout.ts';
import { allocatePixels } from './unpack.ts';

/** A decoded block: [samples × rows × blockWidth], band-separate. Shared between callers: never written to. */
export interface Block {
  readonly rows: number;
  readonly pixels: PixelArray;
}

export interface BlockRef {
  readonly plane: number;
  readonly down: number;
  readonly across: number;
}

/** Decoded blocks of one image of a file. */
export interface BlockReader {
  readonly layout: Layout;
  /** Blocks in the order asked for, from the cache or the file; neighbours in the file are read in one go. */
  load(refs: readonly BlockRef[]): Promise<Block[]>;
}

/** Blocks this close together are fetched with one read. */
const gapBytes = 16384;
const readBytesAtOnce = 4 * 2 ** 20;

/** `fill` is what pixels of a block that was never written hold: nodata, or 0. `key` tells images apart in the cache. */
export function blockReader(
  source: FileSource,
  layout: Layout,
  tables: CodecTables,
  cache: ByteCache<Block>,
  key: string,
  fill: number,
): BlockReader {
  const place = blockTable(source, layout);
  const pending = new Map<string, Promise<Block>>();
  const nameOf = (ref: BlockRef) => `${key}/${ref.plane}/${ref.down}/${ref.across}`;

  function rowsOf(ref: BlockRef): number {
    return layout.tiled
      ? layout.blockHeight
      : Math.min(layout.blockHeight, layout.height - ref.down * layout.blockHeight);
  }

  async function decode(ref: BlockRef, stored: Uint8Array | undefined): Promise<Block> {
    const rows = rowsOf(ref);
    const samples = layout.separate ? 1 : layout.samples;
    let pixels: PixelArray;
    if (stored) {
      try {
        pixels = await decodeBlock(stored, layout, rows, tables);
      } catch (error) {
        throw located(error, ref);
      }
    } else {
      pixels = allocatePixels(layout.dtype, samples * rows * layout.blockWidth);
      if (fill !== 0) fillWith(pixels, fill);
    }
    const block = { rows, pixels };
    // A view on larger bytes keeps all of them alive.
    cache.set(nameOf(ref), block, pixels.buffer.byteLength);
    return block;
  }

  function located(error: unknown, ref: BlockRef): unknown {
    const reason: Refusal | undefined = refusalOf(error);
    if (!reason || !(error instanceof Error)) return error;
    return refuse(
      reason,
      `${error.message}, at block row ${ref.down}, column ${ref.across}`,
      source.path,
      error,
    );
  }

  async function fetch(wanted: { ref: BlockRef; place: BlockPlace }[]): Promise<Block[]> {
    const blocks = new Map<BlockRef, Promise<Block>>();
    const inFile = wanted.filter((w) => w.place.length > 0).sort((a, b) => a.place.offset - b.place.offset);
    for (let first = 0; first < inFile.length; ) {
      const start = (inFile[first] as (typeof inFile)[number]).place.offset;
      let last = first;
      let end = start;
      for (; last < inFile.length; last++) {
        const { offset, length } = (inFile[last] as (typeof inFile)[number]).place;
        const reach = Math.max(end, offset + length);
        if (last > first && (offset > end + gapBytes || reach - start > readBytesAtOnce)) break;
        end = reach;
      }
      const bytes = await source.read(start, end - start);
      for (const { ref, place: at } of inFile.slice(first, last)) {
        const stored = bytes.subarray(at.offset - start, at.offset - start + at.length);
        blocks.set(ref, decode(ref, stored));
      }
      await Promise.all(blocks.values());
      first = last;
    }
    for (const { ref, place: at } of wanted) if (at.length === 0) blocks.set(ref, decode(ref, undefined));
    return Promise.all(wanted.map(({ ref }) => blocks.get(ref) as Promise<Block>));
  }

  return {
    layout,
    async load(refs) {
      const held = refs.map((ref) => cache.get(nameOf(ref)) ?? pending.get(nameOf(ref)));
      const missing = refs.filter((_, i) => held[i] === undefined);
      if (missing.length > 0) {
        const work = (async () => {
          const wanted = [];
          for (const ref of missing) {
            wanted.push({ ref, place: await place(ref.plane, ref.down, ref.across) });
          }
          return fetch(wanted);
        })();
        missing.forEach((ref, i) => {
          const one = work.then((blocks) => blocks[i] as Block);
          // The error is thrown to whoever awaits the block; this copy only keeps it from being called unhandled.
          one.catch(() => {});
          pending.set(nameOf(ref), one);
        });
        try {
          await work;
        } finally {
          for (const ref of missing) pending.delete(nameOf(ref));
        }
        const found = await work;
        let next = 0;
        return Promise.all(held.map((block) => block ?? (found[next++] as Block)));
      }
      return Promise.all(held as (Block | Promise<Block>)[]);
    },
  };
}

/** A value that whole numbers of the type cannot hold becomes the nearest they can, as in GDAL. */
function fillWith(pixels: PixelArray, value: number): void {
  if (pixels instanceof Float32Array || pixels instanceof Float64Array) {
    pixels.fill(value);
    return;
  }
  const bits = pixels.BYTES_PER_ELEMENT * 8;
  const signed = pixels instanceof Int8Array || pixels instanceof Int16Array || pixels instanceof Int32Array;
  const low = signed ? -(2 ** (bits - 1)) : 0;
  pixels.fill(Math.min(Math.max(value, low), low + 2 ** bits - 1));
}
