import { bandInName, dateInName } from './productNames.ts';
import { guessSensor } from './sensors.ts';
import { type BandSidecar, readSidecars } from './sidecars.ts';
import type { FileSource } from './source.ts';
import { type Directory, readNumbers, readText } from './tiff/directory.ts';
import { type MetadataItem, parseGdalMetadata } from './tiff/gdalMetadata.ts';
import { crsOf, geoKey, readGeoKeys, readGeotransform } from './tiff/georeference.ts';
import type { Layout } from './tiff/layout.ts';
import { compressionName, photometric, tag } from './tiff/tags.ts';
import type { BandInfo, DataType, RasterInfo } from './types.ts';

/** Everything the header says about a raster, in this room's words. */
export async function readInfo(
  source: FileSource,
  layout: Layout,
  found: {
    overviews: readonly { readonly width: number; readonly height: number }[];
    hasMask: boolean;
    warnings: readonly string[];
  },
): Promise<RasterInfo> {
  const { directory } = layout;
  const keys = await readGeoKeys(source, directory);
  const pixelIsPoint = keys?.[geoKey.rasterType] === 2;
  const beside = readSidecars(source.path);
  const own = await readGeotransform(source, directory, pixelIsPoint);
  const geotransform =
    beside.geotransform ?? own.geotransform ?? (own.controlPoints > 0 ? null : beside.world);
  const controlPoints = geotransform ? 0 : own.controlPoints;
  const items = parseGdalMetadata((await readText(source, directory, tag.gdalMetadata)) ?? '');
  const nodata = parseNodata(await readText(source, directory, tag.gdalNodata), layout.dtype);
  const metadata: Record<string, string> = { ...beside.metadata };
  for (const item of items) if (item.sample === null && item.role === null) metadata[item.name] = item.value;
  for (const [name, id] of textTags) {
    const text = (await readText(source, directory, id))?.trim();
    if (text) metadata[name] = text;
  }
  if (keys) metadata.AREA_OR_POINT = pixelIsPoint ? 'Point' : 'Area';
  const bands = Array.from({ length: layout.samples }, (_, i) =>
    bandInfo(i, layout, items, nodata, beside.bands.get(i + 1)),
  ).map((band, _, all) =>
    all.length === 1 ? { ...band, name: band.name ?? bandInName(source.path) } : band,
  );
  const warnings = [...found.warnings];
  if (layout.dtype === 'int64' || layout.dtype === 'uint64') {
    warnings.push('64-bit integers are read as float64: values beyond 2^53 lose digits.');
  }
  if (controlPoints > 0) {
    warnings.push(
      `The raster has ${controlPoints} control points and no geotransform: pixel coordinates are used.`,
    );
  }
  const alpha = layout.extraSamples.findIndex((kind) => kind === 1 || kind === 2);
  return {
    path: source.path,
    width: layout.width,
    height: layout.height,
    bands,
    // Control points without a place bring a CRS of their own, which says nothing of the pixels.
    crs: controlPoints > 0 ? null : (beside.crs ?? crsOf(keys)),
    geotransform,
    overviews: found.overviews,
    tile: { width: layout.blockWidth, height: layout.blockHeight },
    acquired: acquisitionTime(metadata, source.path),
    metadata,
    palette: await readPalette(source, directory, layout),
    alphaBand: alpha < 0 ? null : layout.samples - layout.extraSamples.length + alpha + 1,
    hasMask: found.hasMask,
    controlPoints,
    sensor: guessSensor({ path: source.path, bands, metadata }),
    compression: compressionName(layout.compression),
    warnings,
  };
}

const textTags = [
  ['TIFFTAG_IMAGEDESCRIPTION', tag.imageDescription],
  ['TIFFTAG_SOFTWARE', tag.software],
  ['TIFFTAG_DATETIME', tag.dateTime],
] as const;

function bandInfo(
  sample: number,
  layout: Layout,
  items: readonly MetadataItem[],
  ofFile: number | null,
  beside: BandSidecar | undefined,
): BandInfo {
  const own = items.filter((item) => item.sample === sample);
  for (const [name, value] of Object.entries(beside?.metadata ?? {})) {
    own.push({ name, value, sample, role: null, domain: null });
  }
  const byRole = (role: string) => own.find((item) => item.role === role)?.value;
  const name = beside?.description || byRole('description')?.trim();
  const nodata = ofFile ?? parseNodata(beside?.nodata ?? undefined, layout.dtype);
  return {
    index: sample + 1,
    name: name ? name : null,
    dtype: layout.dtype,
    // GDAL says what a float32 pixel can hold, and so do we.
    nodata: nodata !== null && layout.dtype === 'float32' ? Math.fround(nodata) : nodata,
    scale: finite(byRole('scale') ?? beside?.scale ?? undefined, 1),
    offset: finite(byRole('offset') ?? beside?.offset ?? undefined, 0),
    wavelengthNm: wavelength(own, name),
    categories: beside?.categories ?? null,
  };
}

/** Centre wavelength from metadata items of a band, or from a number with a unit in its description. */
function wavelength(own: readonly MetadataItem[], name: string | undefined): number | null {
  const item = own.find((i) => /^(central_|center_|centre_)?wavelengths?(_(um|nm))?$/i.test(i.name));
  const unit = own.find((i) => /^(wavelength_units?|waveunit)$/i.test(i.name))?.value ?? item?.name ?? '';
  const stated = item ? Number.parseFloat(item.value) : Number.NaN;
  if (Number.isFinite(stated) && stated > 0) {
    // Without a unit: no sensor images below 100 nm, none above 100 µm.
    const micrometres = /um|µm|micro/i.test(unit) || (!/nm|nano/i.test(unit) && stated < 100);
    return micrometres ? stated * 1000 : stated;
  }
  const text = /(\d+(?:\.\d+)?)\s*(nm|nanomet|µm|um|micromet)/i.exec(`${name ?? ''} ${item?.value ?? ''}`);
  if (!text) return null;
  return Number(text[1]) * (/^n/i.test(text[2] ?? '') ? 1 : 1000);
}

function finite(text: string | undefined, otherwise: number): number {
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : otherwise;
}

/**
 * GDAL_NODATA is text: a number, `nan`, `-inf`, `-1.#IND` …, read as GDAL reads it: as far as it is a number, 0 when it is
 * none, and of 64-bit integers only the whole part.
 */
function parseNodata(text: string | undefined, dtype: DataType): number | null {
  if (text === undefined || text === '') return null;
  const trimmed = text.trim().toLowerCase();
  if (dtype === 'int64' || dtype === 'uint64') return Number(/^[+-]?\d+/.exec(trimmed)?.[0] ?? 0);
  if (/^[+-]?(nan|1\.#(qnan|snan|ind|nan))/.test(trimmed)) return Number.NaN;
  if (/^[+-]?(inf|1\.#inf)/.test(trimmed)) return trimmed.startsWith('-') ? -Infinity : Infinity;
  const value = Number.parseFloat(trimmed);
  return Number.isNaN(value) ? 0 : value;
}

/** 16-bit colour entries as 8 bits; writers that filled in 8-bit values (none above 255) are forgiven, as in libtiff. */
async function readPalette(source: FileSource, directory: Directory, layout: Layout) {
  if (layout.photometric !== photometric.palette) return null;
  const values = await readNumbers(source, directory, tag.colorMap);
  const count = Math.floor(values.length / 3);
  if (count === 0) return null;
  const divisor = values.some((v) => v > 255) ? 256 : 1;
  const channel = (i: number) => Math.floor((values[i] as number) / divisor);
  return Array.from(
    { length: count },
    (_, i) => [channel(i), channel(i + count), channel(i + 2 * count)] as const,
  );
}

/** Acquisition items and a product's name come before the file's own date, which may only say when it was written. */
function acquisitionTime(metadata: Readonly<Record<string, string>>, path: string): string | null {
  const names =
    /^(acquisition_?date_?time|acquisition_?date|date_acquired|acquired|product_start_time|sensing_?time|datatake_1_datatake_sensing_start)$/i;
  const entries = Object.entries(metadata);
  const item = entries.find(([name]) => names.test(name))?.[1];
  const stated = item ?? dateInName(path) ?? metadata.TIFFTAG_DATETIME;
  const parts = /^(\d{4})[-:/](\d{2})[-:/](\d{2})(?:[T ](\d{2}:\d{2}:\d{2}))?/.exec(stated?.trim() ?? '');
  if (!parts) return null;
  const [, year, month, day, time] = parts;
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31) return null;
  return time ? `${year}-${month}-${day}T${time}Z` : `${year}-${month}-${day}`;
}
