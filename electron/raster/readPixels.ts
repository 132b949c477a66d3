import type { Block, BlockReader, BlockRef } from './tiff/blocks.ts';
import { pixelBytes } from './tiff/layout.ts';
import { allocatePixels } from './tiff/unpack.ts';
import type { PixelArray, Window } from './types.ts';

/** One resolution of a raster: its pixels, and its mask image when it has one. */
export interface RasterImage {
  readonly blocks: BlockReader;
  readonly mask: BlockReader | null;
}

/** Decoded bytes that may be in hand at once while a window is put together. */
const wave = 32 * 2 ** 20;

/** Bands (from 1) of a window that lies inside the image, put together from its blocks. */
export async function readPixels(
  blocks: BlockReader,
  window: Window,
  bands: readonly number[],
): Promise<PixelArray[]> {
  const { layout } = blocks;
  const out = bands.map(() => allocatePixels(layout.dtype, window.width * window.height));
  const firstDown = Math.floor(window.row / layout.blockHeight);
  const lastDown = Math.floor((window.row + window.height - 1) / layout.blockHeight);
  const firstAcross = Math.floor(window.col / layout.blockWidth);
  const lastAcross = Math.floor((window.col + window.width - 1) / layout.blockWidth);
  const planes = layout.separate ? bands.map((band) => band - 1) : [0];

  const refs: BlockRef[] = [];
  for (let down = firstDown; down <= lastDown; down++) {
    for (const plane of planes) {
      for (let across = firstAcross; across <= lastAcross; across++) refs.push({ plane, down, across });
    }
  }
  const samples = layout.separate ? 1 : layout.samples;
  const blockBytes = layout.blockWidth * layout.blockHeight * samples * pixelBytes(layout.dtype);
  const atOnce = Math.max(1, Math.floor(wave / blockBytes));
  for (let first = 0; first < refs.length; first += atOnce) {
    const some = refs.slice(first, first + atOnce);
    const loaded = await blocks.load(some);
    some.forEach((ref, i) => {
      bands.forEach((band, b) => {
        if (layout.separate && ref.plane !== band - 1) return;
        const plane = layout.separate ? 0 : band - 1;
        paste(out[b] as PixelArray, window, loaded[i] as Block, ref, plane, blocks);
      });
    });
  }
  return out;
}

function paste(
  out: PixelArray,
  window: Window,
  block: Block,
  ref: BlockRef,
  plane: number,
  { layout }: BlockReader,
): void {
  const left = ref.across * layout.blockWidth;
  const top = ref.down * layout.blockHeight;
  const fromCol = Math.max(window.col, left);
  const toCol = Math.min(window.col + window.width, left + layout.blockWidth);
  const fromRow = Math.max(window.row, top);
  const toRow = Math.min(window.row + window.height, top + block.rows);
  const base = plane * block.rows * layout.blockWidth;
  for (let row = fromRow; row < toRow; row++) {
    const source = base + (row - top) * layout.blockWidth + (fromCol - left);
    const target = (row - window.row) * window.width + (fromCol - window.col);
    out.set(block.pixels.subarray(source, source + toCol - fromCol), target);
  }
}
