/** The EPSG code that a WKT states or, in ESRI's manner, means. Imports nothing, for rasters and vectors both ask. */

/**
 * The code that closes the outermost definition of WKT 1 (OGC or ESRI) or WKT 2; ESRI's has none, so the names of the
 * commonest CRSs are known. null for anything else.
 */
export function epsgOfWkt(wkt: string): number | null {
  const text = wkt.trim();
  const code = /(?:AUTHORITY\s*\[\s*"EPSG"\s*,\s*"?|ID\s*\[\s*"EPSG"\s*,\s*)(\d+)"?\s*\]\s*\]$/i.exec(
    text,
  )?.[1];
  return code ? Number(code) : epsgOfEsriName(/^\w+\s*\[\s*"([^"]*)"/.exec(text)?.[1] ?? '');
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
