/** What stands beside a raster about it: a world file, and GDAL's `.aux.xml`. Neither is needed, neither is trusted. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { parseItems, unescapeXml } from './tiff/gdalMetadata.ts';
import { crsFromWkt } from './tiff/georeference.ts';
import type { Crs, Geotransform } from './types.ts';

/** What a sidecar says of one band; null where it says nothing. */
export interface BandSidecar {
  readonly description: string | null;
  readonly nodata: string | null;
  readonly scale: string | null;
  readonly offset: string | null;
  /** Names by pixel value, from 0. */
  readonly categories: readonly string[] | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Sidecars {
  /** Before what the raster itself says, as in GDAL. */
  readonly crs: Crs | null;
  readonly geotransform: Geotransform | null;
  /** Of the world file: only where the raster has no place of its own. */
  readonly world: Geotransform | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** By band, from 1. */
  readonly bands: ReadonlyMap<number, BandSidecar>;
}

/** Attribute tables and histograms make these files large; none of a raster's own facts is so far behind. */
const mostBytes = 16 * 2 ** 20;

/** Reads them if they are there; what cannot be read is as if it were not there. */
export function readSidecars(path: string): Sidecars {
  const xml = textOf(`${path}.aux.xml`) ?? '';
  const bands = new Map<number, BandSidecar>();
  const ofBands = /<PAMRasterBand\s+band="(\d+)"\s*>([\s\S]*?)<\/PAMRasterBand>/g;
  for (const [, band, body] of xml.matchAll(ofBands)) bands.set(Number(band), bandOf(body ?? ''));
  const ofFile = xml.replaceAll(ofBands, '');
  const wkt = element(ofFile, 'SRS');
  const numbers = element(ofFile, 'GeoTransform')?.split(',').map(Number) ?? [];
  return {
    crs: wkt ? crsFromWkt(wkt) : null,
    geotransform: sixNumbers(numbers),
    world: worldFile(path),
    metadata: parseItems(ofFile, 'MDI', 'key'),
    bands,
  };
}

function bandOf(xml: string): BandSidecar {
  const names = element(xml, 'CategoryNames', false);
  const categories = names && [...names.matchAll(/<Category>([\s\S]*?)<\/Category>|<Category\s*\/>/g)];
  return {
    description: element(xml, 'Description'),
    nodata: element(xml, 'NoDataValue'),
    scale: element(xml, 'Scale'),
    offset: element(xml, 'Offset'),
    categories: categories ? categories.map(([, name]) => unescapeXml(name ?? '').trim()) : null,
    metadata: parseItems(xml, 'MDI', 'key'),
  };
}

function element(xml: string, name: string, text = true): string | null {
  const found = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`).exec(xml)?.[1];
  if (found === undefined) return null;
  return text ? unescapeXml(found).trim() : found;
}

/**
 * Six lines: pixel size, rotation, rotation, pixel size, and the centre of the upper left pixel. Beside `a.tif` it is
 * called `a.tfw`, `a.tifw` or `a.wld`.
 */
function worldFile(path: string): Geotransform | null {
  const ending = extname(path);
  const base = path.slice(0, path.length - ending.length);
  const letters = ending.slice(1);
  if (letters.length < 2) return null;
  const short = `${letters[0]}${letters.at(-1)}w`;
  for (const name of [short, `${letters}w`, 'wld']) {
    const text = textOf(`${base}.${name}`) ?? textOf(`${base}.${name.toUpperCase()}`);
    const [a = 0, d = 0, b = 0, e = 0, x = Number.NaN, y = Number.NaN] =
      text?.trim().split(/\s+/).map(Number) ?? [];
    const found = sixNumbers([x - (a + b) / 2, a, b, y - (d + e) / 2, d, e]);
    if (found && (a !== 0 || b !== 0)) return found;
  }
  return null;
}

function sixNumbers(numbers: readonly number[]): Geotransform | null {
  if (numbers.length !== 6 || !numbers.every(Number.isFinite)) return null;
  return numbers as unknown as Geotransform;
}

function textOf(path: string): string | null {
  try {
    return existsSync(path) && statSync(path).size <= mostBytes ? readFileSync(path, 'utf8') : null;
  } catch {
    return null;
  }
}
