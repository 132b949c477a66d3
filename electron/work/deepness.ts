/**
 * What the QGIS plugin Deepness reads of an ONNX file, each value a JSON document, and our own keys. Deepness divides by
 * 255, subtracts a mean and divides by a deviation; with 0 and 1/255 the file gets the stored numbers, which it
 * normalises itself.
 */
import type { Normalisation } from '../contract/encoder.ts';

export function deepnessMetadata(
  facts: {
    readonly tile: number;
    readonly margin: number;
    readonly metresPerPixel: number | null;
    readonly normalisation: Normalisation;
  },
  own: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const { tile, margin, metresPerPixel, normalisation } = facts;
  const { bands, sensor } = normalisation;
  const values: Record<string, unknown> = {
    ...(metresPerPixel === null ? {} : { resolution: 100 * metresPerPixel }),
    // The plugin's documentation names one key, its code the other.
    tile_size: tile,
    tiles_size: tile,
    tiles_overlap: Math.min(50, Math.ceil((200 * margin) / tile)),
    standardization_mean: bands.map(() => 0),
    standardization_std: bands.map(() => 1 / 255),
    swath_sensor: sensor,
    swath_bands: bands.map(({ name, wavelengthNm }) => ({ name, wavelengthNm })),
    swath_margin: margin,
    ...own,
  };
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)]));
}
