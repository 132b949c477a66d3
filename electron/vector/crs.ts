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

/**
 * A CRS from WKT 1 (OGC or ESRI) or WKT 2. The code is the one that closes the outermost definition; ESRI's has none, so
 * the names of the commonest CRSs are known. proj4 reads WKT 1 itself.
 */
export function crsFromWkt(wkt: string): VectorCrs {
  const text = wkt.replace(/^\uFEFF/, '').trim();
  if (text === '') return unknownCrs;
  const code = /(?:AUTHORITY\s*\[\s*"EPSG"\s*,\s*"?|ID\s*\[\s*"EPSG"\s*,\s*)(\d+)"?\s*\]\s*\]$/i.exec(
    text,
  )?.[1];
  const epsg = code ? Number(code) : epsgOfEsriName(/^\w+\s*\[\s*"([^"]*)"/.exec(text)?.[1] ?? '');
  return { epsg, wkt: text, proj4: epsg === 4326 ? crsFromEpsg(4326).proj4 : null };
}

const esriNames: Readonly<Record<string, number>> = {
  GCS_WGS_1984: 4326,
  GCS_North_American_1983: 4269,
  GCS_ETRS_1989: 4258,
  ETRS_1989_LAEA: 3035,
  WGS_1984_Web_Mercator_Auxiliary_Sphere: 3857,
  RGF_1993_Lambert_93: 2154,
  RD_New: 28992,
  British_National_Grid: 27700,
  MGI_Austria_Lambert: 31287,
  Slovenia_1996_Slovene_National_Grid: 3794,
  Belge_Lambert_1972: 31370,
};
/** Families of UTM zones: code of zone 0, so that zone n has code base + n. */
const esriZones: readonly (readonly [RegExp, number])[] = [
  [/^WGS_1984_UTM_Zone_(\d+)N$/i, 32600],
  [/^WGS_1984_UTM_Zone_(\d+)S$/i, 32700],
  [/^ETRS_1989_UTM_Zone_(\d+)N$/i, 25800],
  [/^NAD_1983_UTM_Zone_(\d+)N$/i, 26900],
];

function epsgOfEsriName(name: string): number | null {
  for (const [pattern, base] of esriZones) {
    const zone = pattern.exec(name)?.[1];
    if (zone) return base + Number(zone);
  }
  return esriNames[name] ?? null;
}
