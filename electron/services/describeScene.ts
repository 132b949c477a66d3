import { basename, extname } from 'node:path';
import { AppError } from '../base/errors.ts';
import { sensorCard, sensorCards } from '../contract/catalog/sensors.ts';
import type { CrsRef } from '../contract/geometry.ts';
import type { Project } from '../contract/project.ts';
import type { Scene, SceneBand } from '../contract/scene.ts';
import { isRotated, pixelSize } from '../raster/affine.ts';
import { crsName as crsNameOf } from '../raster/crs.ts';
import { productOf } from '../raster/productNames.ts';
import { bandMeanings } from '../raster/sensors.ts';
import type { RasterInfo } from '../raster/types.ts';
import { wktOf } from '../raster/wkt.ts';
import { localPixels } from '../vector/geotransform.ts';
import { composites } from './composites.ts';
import { extentOf } from './pixels.ts';

/**
 * A raster has coordinates only where it states both their system and its place in it. One that is rotated against its
 * coordinates is shown and labelled in its own pixels; its maps lie where it lies.
 */
export function crsRefOf(info: RasterInfo): CrsRef | null {
  if (!info.crs || !info.geotransform || isRotated(info.geotransform)) return null;
  const { epsg, name } = info.crs;
  return { epsg, name: (epsg === null ? null : crsNameOf(epsg)) ?? name, wkt: wktOf(info.crs) };
}

/** What is stored of a raster beside its files: the header's facts in the project's words. */
export function describeScene(
  info: RasterInfo,
  wanted: { sensor?: string | undefined; date?: string | undefined; name?: string | undefined },
): Pick<
  Scene,
  | 'name'
  | 'date'
  | 'sensor'
  | 'width'
  | 'height'
  | 'bands'
  | 'crs'
  | 'geotransform'
  | 'extent'
  | 'resolution'
  | 'composites'
> {
  const crs = crsRefOf(info);
  const sensor = sensorOf(info, wanted.sensor);
  const meanings = bandMeanings(info.bands, sensor);
  const card = sensor === null ? undefined : sensorCard(sensor);
  const bands = info.bands.map(
    (band, i): SceneBand => ({
      index: band.index,
      name: band.name ?? card?.bands[i % card.bands.length]?.name ?? `Band ${band.index}`,
      dtype: band.dtype,
      // JSON has no NaN; the reader knows the file's own nodata.
      nodata: band.nodata !== null && Number.isFinite(band.nodata) ? band.nodata : null,
      role: meanings[i]?.role ?? null,
      wavelengthNm: band.wavelengthNm ?? meanings[i]?.wavelengthNm ?? null,
    }),
  );
  const transform = crs && info.geotransform ? info.geotransform : localPixels;
  const size = pixelSize(transform);
  return {
    // Of the bands of a product, that of the product.
    name: wanted.name || (bands.length > 1 ? productOf(info.path) : basename(info.path, extname(info.path))),
    date: wanted.date ?? info.acquired?.slice(0, 10) ?? null,
    sensor,
    width: info.width,
    height: info.height,
    bands,
    crs,
    geotransform: info.geotransform,
    extent: extentOf(transform, info.width, info.height),
    resolution: [size.width, size.height],
    composites: composites(bands),
  };
}

function sensorOf(info: RasterInfo, wanted: string | undefined): string | null {
  if (wanted === undefined) return info.sensor;
  const card = sensorCard(wanted);
  if (!card) {
    throw new AppError('usage', `There is no sensor '${wanted}'`, {
      subject: wanted,
      remedy: `Choose one of ${sensorCards.map((c) => c.id).join(', ')}, or leave it out.`,
    });
  }
  if (card.bands.length > 0 && info.bands.length % card.bands.length !== 0) {
    throw new AppError(
      'mismatch',
      `${card.name} has ${card.bands.length} bands, ${info.path} has ${info.bands.length}`,
      { subject: info.path, remedy: 'Leave the sensor out, or give all of its bands.' },
    );
  }
  return card.id;
}

/** Errors: `mismatch` when a scene's coordinates are not those of the project. */
export function assertFits(project: Pick<Project, 'crs'>, crs: CrsRef | null, file: string): void {
  if (project.crs === undefined) return;
  if (project.crs === null && crs === null) return;
  const name = (ref: CrsRef | null) => (ref ? crsTitle(ref) : 'no coordinates');
  const same =
    project.crs !== null &&
    crs !== null &&
    (project.crs.epsg !== null || crs.epsg !== null
      ? project.crs.epsg === crs.epsg
      : project.crs.wkt === crs.wkt && project.crs.name === crs.name);
  if (same) return;
  throw new AppError('mismatch', `${file} has ${name(crs)}, the project has ${name(project.crs)}`, {
    subject: file,
    remedy:
      project.crs === null || crs === null
        ? 'Make a project of its own for it, or give it coordinates first (gdal_translate -a_srs … -a_ullr …).'
        : `Bring it to ${name(project.crs)} with gdalwarp -t_srs, or make a project of its own.`,
  });
}

export function crsTitle(crs: CrsRef): string {
  return crs.epsg === null ? (crs.name ?? 'a custom CRS') : `EPSG:${crs.epsg}`;
}
