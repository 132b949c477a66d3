import type { Crs, Geotransform } from '../types.ts';
import { geoKey } from './georeference.ts';
import { tag } from './tags.ts';
import type { OutField } from './writeFields.ts';

/** Keys whose single value is a double; all other numbers are shorts (GeoTIFF 1.1, annex B and C). */
function isDoubleKey(id: number): boolean {
  if (id === 2053 || id === 2055 || id === 2057 || id === 2058 || id === 2059) return true;
  return id === 2061 || id === 2062 || id === 5120 || (id >= 3077 && id <= 3095);
}

/**
 * Georeferencing fields that say exactly what a scene said: its keys as found, its geotransform as pixel scale and tie
 * point when that can hold it, else as a matrix. Our geotransforms are of pixel corners, so the raster type is Area.
 */
export function georeferenceFields(crs: Crs | null, geotransform: Geotransform | null): OutField[] {
  const fields: OutField[] = [];
  if (geotransform) {
    const [x, a, b, y, d, e] = geotransform;
    if (b === 0 && d === 0 && a > 0 && e < 0) {
      fields.push({ tag: tag.modelPixelScale, type: 12, values: [a, -e, 0] });
      fields.push({ tag: tag.modelTiepoint, type: 12, values: [0, 0, 0, x, y, 0] });
    } else {
      const matrix = [a, b, 0, x, d, e, 0, y, 0, 0, 0, 0, 0, 0, 0, 1];
      fields.push({ tag: tag.modelTransformation, type: 12, values: matrix });
    }
  }
  // Without a CRS no keys at all: readers would take them for a local one.
  if (crs) fields.push(...keyFields({ ...crs.geoKeys, [geoKey.rasterType]: 1 }));
  return fields;
}

function keyFields(keys: Crs['geoKeys']): OutField[] {
  const directory: number[] = [];
  const doubles: number[] = [];
  let text = '';
  const ids = Object.keys(keys)
    .map(Number)
    .sort((a, b) => a - b);
  for (const id of ids) {
    const value = keys[id];
    if (value === undefined) continue;
    if (typeof value === 'string') {
      directory.push(id, tag.geoAsciiParams, value.length + 1, text.length);
      text += `${value}|`;
    } else if (typeof value !== 'number' || isDoubleKey(id) || !Number.isInteger(value)) {
      const values = typeof value === 'number' ? [value] : value;
      directory.push(id, tag.geoDoubleParams, values.length, doubles.length);
      doubles.push(...values);
    } else directory.push(id, 0, 1, value);
  }
  const fields: OutField[] = [
    { tag: tag.geoKeyDirectory, type: 3, values: [1, 1, 0, directory.length / 4, ...directory] },
  ];
  if (doubles.length > 0) fields.push({ tag: tag.geoDoubleParams, type: 12, values: doubles });
  // Latin-1, so that the offsets above count bytes.
  if (text) fields.push({ tag: tag.geoAsciiParams, type: 2, values: Buffer.from(`${text}\0`, 'latin1') });
  return fields;
}
