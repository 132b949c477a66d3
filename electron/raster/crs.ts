import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { AppError } from '../base/errors.ts';
import type { Crs } from './types.ts';

type Table = Record<string, [name: string, proj4: string]>;
let table: Table | undefined;
let wkts: Record<string, string> | undefined;

/** The name of an EPSG code, or null when it is not in the table. */
export function crsName(epsg: number): string | null {
  return entry(epsg)?.[0] ?? null;
}

/** The proj4 string of an EPSG code. Errors: unsupported, when it is not in the table. */
export function proj4For(epsg: number): string {
  const found = entry(epsg);
  if (found) return found[1];
  throw new AppError('unsupported', `EPSG:${epsg} is not in the table of coordinate systems`, {
    subject: `EPSG:${epsg}`,
    remedy: 'Reproject the data, for example with ogr2ogr -t_srs EPSG:4326 or gdalwarp.',
  });
}

/** WKT 1 (as GDAL and GeoPackage write it) of an EPSG code, or null when it is not in the table. */
export function wktFor(epsg: number): string | null {
  wkts ??= JSON.parse(gunzipSync(readFileSync(resource('wkt.json.gz'))).toString()) as Record<string, string>;
  return wkts[epsg] ?? null;
}

/** Whether coordinates of the CRS are degrees of longitude and latitude; false when it is not known. */
export function isGeographic(crs: number | Crs | null): boolean {
  if (crs === null) return false;
  if (typeof crs !== 'number' && crs.epsg === null) return crs.geoKeys[1024] === 2;
  const code = typeof crs === 'number' ? crs : (crs.epsg as number);
  return entry(code)?.[1].startsWith('+proj=longlat') ?? false;
}

/** Metres per unit of the CRS; null for degrees and where it is not known. */
export function metresPerUnit(crs: number | Crs | null): number | null {
  const code = typeof crs === 'number' ? crs : (crs?.epsg ?? null);
  const definition = code === null ? undefined : entry(code)?.[1];
  if (!definition) return crs !== null && typeof crs !== 'number' && crs.geoKeys[3076] === 9001 ? 1 : null;
  if (definition.startsWith('+proj=longlat')) return null;
  const stated = /\+to_meter=([\d.eE+-]+)/.exec(definition)?.[1];
  if (stated) return Number(stated);
  const unit = /\+units=([\w-]+)/.exec(definition)?.[1] ?? 'm';
  const known: Record<string, number> = { m: 1, km: 1000, ft: 0.3048, 'us-ft': 1200 / 3937 };
  return known[unit] ?? null;
}

/** Codes whose number or name holds all the words, for a search field; at most `limit`, in the order of the codes. */
export function findCrs(query: string, limit = 50): { epsg: number; name: string }[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found: { epsg: number; name: string }[] = [];
  for (const [code, [name]] of Object.entries(load())) {
    const text = `${code} ${name}`.toLowerCase();
    if (words.every((word) => text.includes(word))) found.push({ epsg: Number(code), name });
    if (found.length === limit) break;
  }
  return found;
}

/** GeoTIFF keys of an EPSG code, for a raster that is written in a CRS that no scene brought along. */
export function crsFromEpsg(epsg: number): Crs {
  const found = entry(epsg);
  const geographic = isGeographic(epsg);
  const geoKeys: Record<number, number | string> = geographic
    ? { 1024: 2, 1025: 1, 2048: epsg }
    : { 1024: 1, 1025: 1, 3072: epsg };
  if (found) geoKeys[1026] = found[0];
  return { epsg, name: found?.[0] ?? null, geoKeys };
}

/** UTM on WGS 84 needs no table. */
function entry(epsg: number): [string, string] | undefined {
  const zone = epsg % 100;
  const band = Math.floor(epsg / 100);
  if ((band === 326 || band === 327) && zone >= 1 && zone <= 60) {
    const south = band === 327;
    return [
      `WGS 84 / UTM zone ${zone}${south ? 'S' : 'N'}`,
      `+proj=utm +zone=${zone}${south ? ' +south' : ''} +datum=WGS84 +units=m +no_defs`,
    ];
  }
  return load()[epsg];
}

function load(): Table {
  table ??= JSON.parse(readFileSync(resource('proj4.json'), 'utf8')) as Table;
  return table;
}

/** Files of `resources/crs`: beside the sources, beside the bundle, or in a packaged app's resources. */
function resource(name: string): string {
  const packaged = (process as { resourcesPath?: string }).resourcesPath;
  const folders = packaged ? [join(packaged, 'crs')] : [];
  for (let at = import.meta.dirname; dirname(at) !== at; at = dirname(at))
    folders.push(join(at, 'resources', 'crs'));
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (!found) throw new AppError('internal', `The table of coordinate systems ${name} is missing`);
  return found;
}
