/**
 * WKT 1 of a CRS that is only described in GeoTIFF keys (GeoTIFF 1.1, annex B and C): sensors' own grids, such as the
 * sinusoidal one of MODIS, and national grids without a code. QGIS, GDAL and proj4 read it.
 */
import { wktFor } from './crs.ts';
import { wktInCitation } from './tiff/georeference.ts';
import type { Crs } from './types.ts';

/** WKT 1 of a raster's CRS; null when its keys describe none that is known here. */
export function wktOf(crs: Crs): string | null {
  if (crs.epsg !== null) return wktFor(crs.epsg);
  const stated = wktInCitation(crs.geoKeys);
  if (stated !== null) return stated;
  const keys = new Keys(crs.geoKeys);
  const geographic = geographicWkt(keys);
  if (keys.number(1024) === 2) return geographic;
  const projection = projections[keys.number(3075) ?? 0];
  const unit = linearUnit(keys);
  if (geographic === null || projection === undefined || unit === null) return null;
  const [name, parameters] = projection;
  const listed = parameters.map(([title, ids, otherwise]) => {
    const value = ids.map((id) => keys.number(id)).find((found) => found !== undefined);
    return `PARAMETER["${title}",${value ?? otherwise}]`;
  });
  const title = quoted(crs.name ?? 'Custom CRS');
  return `PROJCS["${title}",${geographic},PROJECTION["${name}"],${listed.join()},${unit}]`;
}

class Keys {
  private readonly keys: Crs['geoKeys'];
  constructor(keys: Crs['geoKeys']) {
    this.keys = keys;
  }
  /** undefined for what is absent, and for "user defined" in keys that hold codes. */
  number(id: number): number | undefined {
    const value = this.keys[id];
    if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
    return value === 32767 ? undefined : value;
  }
}

function geographicWkt(keys: Keys): string | null {
  const code = keys.number(2048);
  const known = code === undefined ? null : wktFor(code);
  if (known) return known;
  const ellipsoid = ellipsoids[keys.number(2056) ?? datums[keys.number(2050) ?? 0] ?? 0];
  const a = keys.number(2057) ?? ellipsoid?.[1];
  const b = keys.number(2058);
  const stated = keys.number(2059) ?? ellipsoid?.[2];
  const inverse = stated ?? (a === undefined || b === undefined ? undefined : a === b ? 0 : a / (a - b));
  if (a === undefined || inverse === undefined) return null;
  const spheroid = `SPHEROID["${ellipsoid?.[0] ?? 'Custom'}",${a},${inverse}]`;
  const meridian = `PRIMEM["Prime meridian",${keys.number(2061) ?? 0}]`;
  const datum = `DATUM["${datumNames[keys.number(2050) ?? 0] ?? 'Custom'}",${spheroid}]`;
  return `GEOGCS["Custom",${datum},${meridian},UNIT["degree",0.0174532925199433]]`;
}

function linearUnit(keys: Keys): string | null {
  const code = keys.number(3076);
  const size = keys.number(3077) ?? (code === undefined ? 1 : units[code]?.[1]);
  return size === undefined ? null : `UNIT["${units[code ?? 9001]?.[0] ?? 'unit'}",${size}]`;
}

const quoted = (text: string) => text.replaceAll('"', "'");

const units: Readonly<Record<number, readonly [string, number]>> = {
  9001: ['metre', 1],
  9002: ['foot', 0.3048],
  9003: ['US survey foot', 0.304800609601219],
  9036: ['kilometre', 1000],
};

const ellipsoids: Readonly<Record<number, readonly [string, number, number]>> = {
  7001: ['Airy 1830', 6377563.396, 299.3249646],
  7004: ['Bessel 1841', 6377397.155, 299.1528128],
  7008: ['Clarke 1866', 6378206.4, 294.978698213898],
  7012: ['Clarke 1880 (RGS)', 6378249.145, 293.465],
  7019: ['GRS 1980', 6378137, 298.257222101],
  7022: ['International 1924', 6378388, 297],
  7024: ['Krassowsky 1940', 6378245, 298.3],
  7030: ['WGS 84', 6378137, 298.257223563],
};
/** Datum → its ellipsoid. */
const datums: Readonly<Record<number, number>> = {
  6326: 7030,
  6258: 7019,
  6269: 7019,
  6267: 7008,
  6314: 7004,
};
const datumNames: Readonly<Record<number, string>> = {
  6326: 'WGS_1984',
  6258: 'European_Terrestrial_Reference_System_1989',
  6269: 'North_American_Datum_1983',
  6267: 'North_American_Datum_1927',
};

/** A parameter's WKT name, the keys that may hold it, and its value when none does. */
type Parameter = readonly [string, readonly number[], number];
const easting: Parameter = ['false_easting', [3082, 3086, 3090], 0];
const northing: Parameter = ['false_northing', [3083, 3087, 3091], 0];
const latitude: Parameter = ['latitude_of_origin', [3081, 3085, 3089], 0];
const meridian: Parameter = ['central_meridian', [3080, 3084, 3088, 3095], 0];
const scale: Parameter = ['scale_factor', [3092, 3093], 1];
const parallels: readonly Parameter[] = [
  ['standard_parallel_1', [3078], 0],
  ['standard_parallel_2', [3079], 0],
];
const centre: readonly Parameter[] = [
  ['latitude_of_center', [3089, 3081, 3085], 0],
  ['longitude_of_center', [3088, 3080, 3084], 0],
];

/** By the code of ProjectionGeoKey's method (3075). */
const projections: Readonly<Record<number, readonly [string, readonly Parameter[]]>> = {
  1: ['Transverse_Mercator', [latitude, meridian, scale, easting, northing]],
  7: ['Mercator_1SP', [meridian, scale, easting, northing]],
  8: ['Lambert_Conformal_Conic_2SP', [...parallels, latitude, meridian, easting, northing]],
  9: ['Lambert_Conformal_Conic_1SP', [latitude, meridian, scale, easting, northing]],
  10: ['Lambert_Azimuthal_Equal_Area', [...centre, easting, northing]],
  11: ['Albers_Conic_Equal_Area', [...parallels, ...centre, easting, northing]],
  15: ['Polar_Stereographic', [latitude, meridian, scale, easting, northing]],
  16: ['Oblique_Stereographic', [latitude, meridian, scale, easting, northing]],
  24: ['Sinusoidal', [['longitude_of_center', [3088, 3080, 3084], 0], easting, northing]],
};
