import { epsgOfWkt } from '../../base/epsgOfWkt.ts';
import type { FileSource } from '../source.ts';
import type { Crs, Geotransform } from '../types.ts';
import { type Directory, readBytes, readNumbers } from './directory.ts';
import { tag } from './tags.ts';

/** GeoTIFF keys (GeoTIFF 1.1, section 7) that are looked at by name. */
export const geoKey = {
  modelType: 1024,
  rasterType: 1025,
  citation: 1026,
  geographicType: 2048,
  geographicCitation: 2049,
  projectedType: 3072,
  projectedCitation: 3073,
} as const;

type GeoKeys = Record<number, number | string | readonly number[]>;
const userDefined = 32767;
/** Model type of positions in space, for which no map has a place. */
const geocentric = 3;

/** The keys of a directory; null when it has none. Keys that point outside their tables are left out. */
export async function readGeoKeys(source: FileSource, directory: Directory): Promise<GeoKeys | null> {
  const table = await readNumbers(source, directory, tag.geoKeyDirectory, 0, 4096);
  if (table.length < 4) return null;
  const doubles = await readNumbers(source, directory, tag.geoDoubleParams, 0, 4096);
  // Latin-1: the keys count bytes.
  const ascii = await readBytes(source, directory, tag.geoAsciiParams);
  const text = ascii ? Buffer.from(ascii).toString('latin1') : '';
  const keys: GeoKeys = {};
  const count = Math.min(table[3] as number, Math.floor(table.length / 4) - 1);
  for (let i = 1; i <= count; i++) {
    const [id, location, length, value] = table.slice(i * 4, i * 4 + 4) as [number, number, number, number];
    if (location === 0) keys[id] = value;
    else if (location === tag.geoAsciiParams)
      keys[id] = text.slice(value, value + length).replace(/[|\0]+$/, '');
    else if (location === tag.geoDoubleParams && value + length <= doubles.length) {
      const values = doubles.slice(value, value + length);
      keys[id] = length === 1 ? (values[0] as number) : values;
    } else if (location === tag.geoKeyDirectory && value + length <= table.length) {
      const values = table.slice(value, value + length);
      keys[id] = length === 1 ? (values[0] as number) : values;
    }
  }
  return keys;
}

/**
 * The CRS that the keys state; null when they state none (model type absent and no code). What the keys cannot hold,
 * GDAL and ESRI write into a citation as WKT: a projection there overrules the geographic code beside it.
 */
export function crsOf(keys: GeoKeys | null): Crs | null {
  if (!keys) return null;
  const wkt = wktInCitation(keys);
  const projected = numeric(keys[geoKey.projectedType]);
  const geographic = numeric(keys[geoKey.geographicType]);
  const model = numeric(keys[geoKey.modelType]);
  const unknown = model === undefined || model === userDefined;
  if (projected === undefined && geographic === undefined && unknown && wkt === null) return null;
  const isProjected = model === 1 || model === geocentric || (wkt?.startsWith('PROJ') ?? false);
  const code = projected ?? (isProjected ? undefined : geographic);
  const stated = code !== undefined && code > 0 && code < userDefined ? code : null;
  const name = [geoKey.projectedCitation, geoKey.citation, geoKey.geographicCitation]
    .map((id) => keys[id])
    .find((value): value is string => typeof value === 'string' && value.trim() !== '');
  return {
    epsg: stated ?? (wkt === null ? null : epsgOfWkt(wkt)),
    name: name === undefined ? null : plainName(name),
    geoKeys: keys,
  };
}

/** The WKT that a citation carries ("ESRI PE String = PROJCS[…"), or null. */
export function wktInCitation(keys: Crs['geoKeys']): string | null {
  for (const id of [geoKey.projectedCitation, geoKey.citation, geoKey.geographicCitation]) {
    const text = keys[id];
    const wkt =
      typeof text === 'string' ? /(?:PROJCS|GEOGCS|PROJCRS|GEOGCRS)\[.*$/s.exec(text)?.[0] : undefined;
    if (wkt) return wkt.trim();
  }
  return null;
}

/** Keys that say a CRS by WKT: the code and its name where it has one, else the text itself in the citation. */
export function crsFromWkt(wkt: string): Crs {
  const text = wkt.trim();
  const epsg = epsgOfWkt(text);
  const name = /^\w+\s*\[\s*"([^"]*)"/.exec(text)?.[1] ?? null;
  const projected = /^PROJ/i.test(text);
  const keys: Record<number, number | string> = { [geoKey.rasterType]: 1 };
  if (name !== null) keys[geoKey.citation] = name;
  if (epsg === null) {
    keys[geoKey.modelType] = userDefined;
    keys[geoKey.projectedCitation] = `ESRI PE String = ${text}`;
  } else {
    keys[geoKey.modelType] = projected ? 1 : 2;
    keys[projected ? geoKey.projectedType : geoKey.geographicType] = epsg;
  }
  return { epsg, name, geoKeys: keys };
}

/**
 * The geotransform in GDAL's order, upper left corner of the upper left pixel: from pixel scale and one tie point, or
 * from the transformation matrix; null when there is none or only ground control points. As GDAL does, a negative
 * scale is taken as north-up, and PixelIsPoint moves the origin by half a pixel (GeoTIFF 1.1, section 7.1.1).
 */
export async function readGeotransform(
  source: FileSource,
  directory: Directory,
  pixelIsPoint: boolean,
): Promise<{ geotransform: Geotransform | null; controlPoints: number }> {
  const scale = await readNumbers(source, directory, tag.modelPixelScale, 0, 3);
  const ties = await readNumbers(source, directory, tag.modelTiepoint, 0, 6000);
  const matrix = await readNumbers(source, directory, tag.modelTransformation, 0, 16);
  let gt: [number, number, number, number, number, number] | null = null;
  const [sx, sy] = scale;
  if (sx !== undefined && sy !== undefined && sx !== 0 && sy !== 0) {
    if (ties.length >= 6) {
      const [col, row, , x, y] = ties as [number, number, number, number, number];
      const down = -Math.abs(sy);
      gt = [x - col * sx, sx, 0, y - row * down, 0, down];
    }
  } else if (matrix.length === 16) {
    const at = (i: number) => matrix[i] as number;
    gt = [at(3), at(0), at(1), at(7), at(4), at(5)];
  }
  if (gt && pixelIsPoint) {
    gt[0] -= (gt[1] + gt[2]) / 2;
    gt[3] -= (gt[4] + gt[5]) / 2;
  }
  if (gt?.some((value) => !Number.isFinite(value))) gt = null;
  return { geotransform: gt, controlPoints: gt ? 0 : Math.floor(ties.length / 6) };
}

/** ESRI and older writers put a whole description into the citation: the name is within. */
function plainName(citation: string): string {
  const wkt = /(?:PROJCS|GEOGCS)\["([^"]+)"/.exec(citation)?.[1];
  const listed = /(?:PCS|GCS) Name = ([^|]+)/.exec(citation)?.[1];
  return (wkt ?? listed ?? citation).trim();
}

function numeric(value: number | string | readonly number[] | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
