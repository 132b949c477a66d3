import type { ClassDef } from '../contract/labels.ts';
import type { RasterReader } from '../raster/types.ts';
import { encodePalettePng } from './png.ts';

const longSide = 640;

/** A PNG of a class map, at most 640 pixels a side, in the colours of the classes; unclassified is transparent. */
export async function mapThumbnail(map: RasterReader, classes: readonly ClassDef[]): Promise<Uint8Array> {
  const { width, height } = map.info;
  const scale = Math.min(1, longSide / Math.max(width, height));
  const w = Math.max(1, Math.round(width * scale));
  const h = Math.max(1, Math.round(height * scale));
  const { bands, valid } = await map.readResampled({ col: 0, row: 0, width, height }, w, h, [1], 'nearest');
  const codes = bands[0] ?? [];
  const indices = Uint8Array.from(valid, (ok, i) => (ok ? (codes[i] ?? 0) : 0));
  const palette = Array.from({ length: 256 }, (_, code): [number, number, number, number] => {
    const color = classes.find((c) => c.code === code)?.color;
    if (code === 0) return [0, 0, 0, 0];
    return color ? [...rgb(color), 255] : [136, 136, 136, 255];
  });
  return encodePalettePng(indices, w, h, palette);
}

/** '#d4af37' → [212, 175, 55]. */
export function rgb(color: string): [number, number, number] {
  const value = Number.parseInt(color.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
