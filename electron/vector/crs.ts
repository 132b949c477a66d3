import { epsgOfWkt } from '../base/epsgOfWkt.ts';
import type { VectorCrs } from './types.ts';

export const unknownCrs: VectorCrs = { epsg: null, wkt: null, proj4: null };

export function crsFromEpsg(epsg: number): VectorCrs {
  return { epsg, wkt: null, proj4: epsg === 4326 ? '+proj=longlat +datum=WGS84 +no_defs' : null };
}

/** "EPSG:32633", "urn:ogc:def:crs:EPSG::32633", "http://www.opengis.net/def/crs/EPSG/0/32633", "OGC:CRS84"; else null. */
export function crsFromName(name: string): VectorCrs | null {
  if (/CRS84$/i.test(name)) return crsFromEpsg(4326);
  const code = /EPSG(?::+|\/)(?:[\d.]*(?::|\/))?(\d+)$/i.exec(name.trim())?.[1];
  return code ? crsFromEpsg(Number(code)) : null;
}

/** A CRS from WKT 1 (OGC or ESRI) or WKT 2. proj4 reads WKT 1 itself. */
export function crsFromWkt(wkt: string): VectorCrs {
  const text = wkt.replace(/^\uFEFF/, '').trim();
  if (text === '') return unknownCrs;
  const epsg = epsgOfWkt(text);
  return { epsg, wkt: text, proj4: epsg === 4326 ? crsFromEpsg(4326).proj4 : null };
}
