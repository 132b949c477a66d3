import { orient } from './geometry.ts';
import type { Feature } from './types.ts';

/**
 * A FeatureCollection as text, one feature per line. RFC 7946 wants WGS 84; any other CRS is named by a `crs` member,
 * which GDAL and QGIS read; `epsg: null` (local pixel coordinates) by `crs: null`. `decimals` 7 is a centimetre in degrees.
 */
export function writeGeoJson(
  features: readonly Feature[],
  options: { readonly name: string; readonly epsg: number | null; readonly decimals?: number },
): string {
  const { name, epsg, decimals = epsg === 4326 ? 7 : 3 } = options;
  const scale = 10 ** decimals;
  const round = (key: string, value: unknown) =>
    typeof value === 'number' && key !== '' && /^\d+$/.test(key) ? Math.round(value * scale) / scale : value;
  const lines = features.map((feature) => {
    const { geometry } = feature;
    const shape = geometry && geometry.type !== 'Point' ? orient(geometry) : geometry;
    return `{"type":"Feature","properties":${JSON.stringify(feature.properties)},"geometry":${JSON.stringify(shape, round)}}`;
  });
  const crs =
    epsg === 4326
      ? ''
      : epsg === null
        ? '"crs":null,\n'
        : `"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::${epsg}"}},\n`;
  return `{"type":"FeatureCollection","name":${JSON.stringify(name)},\n${crs}"features":[\n${lines.join(',\n')}\n]}\n`;
}
