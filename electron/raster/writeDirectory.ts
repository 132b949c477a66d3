import { formatGdalMetadata, type MetadataItem } from './tiff/gdalMetadata.ts';
import { photometric, tag } from './tiff/tags.ts';
import { type OutField, textField } from './tiff/writeFields.ts';
import { georeferenceFields } from './tiff/writeGeoKeys.ts';
import type { DataType } from './types.ts';
import type { RasterWriterOptions } from './write.ts';
import type { Level, LevelFormat } from './writeLevel.ts';

const tagItems = {
  TIFFTAG_SOFTWARE: tag.software,
  TIFFTAG_DATETIME: tag.dateTime,
  TIFFTAG_IMAGEDESCRIPTION: tag.imageDescription,
} as const;

/** The fields of one resolution (0 is the full one) whose tiles begin at `dataAt`. */
export function levelFields(
  level: Level,
  index: number,
  dataAt: number,
  options: RasterWriterOptions,
  format: LevelFormat,
  bigTiff: boolean,
): OutField[] {
  const { bands } = options;
  const [bits, sampleFormat] = sampleType(format.dtype);
  const each = (value: number) => new Array<number>(bands).fill(value);
  const fields: OutField[] = [
    { tag: tag.imageWidth, type: 4, values: [level.width] },
    { tag: tag.imageLength, type: 4, values: [level.height] },
    { tag: tag.bitsPerSample, type: 3, values: each(bits) },
    { tag: tag.compression, type: 3, values: [format.deflateLevel > 0 ? 8 : 1] },
    { tag: tag.photometric, type: 3, values: [options.palette ? photometric.palette : 1] },
    { tag: tag.samplesPerPixel, type: 3, values: [bands] },
    { tag: tag.planarConfiguration, type: 3, values: [format.separate ? 2 : 1] },
    { tag: tag.tileWidth, type: 4, values: [format.tile] },
    { tag: tag.tileLength, type: 4, values: [format.tile] },
    { tag: tag.tileOffsets, type: bigTiff ? 16 : 4, values: level.offsets.map((offset) => offset + dataAt) },
    { tag: tag.tileByteCounts, type: 4, values: level.lengths },
    { tag: tag.sampleFormat, type: 3, values: each(sampleFormat) },
  ];
  if (index > 0) fields.push({ tag: tag.newSubfileType, type: 4, values: [1] });
  if (format.predictor !== 1) fields.push({ tag: tag.predictor, type: 3, values: [format.predictor] });
  if (bands > 1) fields.push({ tag: tag.extraSamples, type: 3, values: each(0).slice(1) });
  if (options.palette) fields.push({ tag: tag.colorMap, type: 3, values: colorMap(options.palette, bits) });
  const { nodata } = options;
  if (nodata !== undefined && nodata !== null) {
    fields.push(textField(tag.gdalNodata, Number.isNaN(nodata) ? 'nan' : String(nodata)));
  }
  if (index === 0) {
    fields.push(...georeferenceFields(options.crs, options.geotransform), ...metadataFields(options));
  }
  return fields;
}

function metadataFields(options: RasterWriterOptions): OutField[] {
  const fields: OutField[] = [];
  const items: MetadataItem[] = [];
  for (const [name, value] of Object.entries(options.metadata ?? {})) {
    const id = tagItems[name as keyof typeof tagItems];
    if (id !== undefined) fields.push(textField(id, value));
    else if (name !== 'AREA_OR_POINT') items.push({ name, value, sample: null, role: null, domain: null });
  }
  for (let band = 0; band < options.bands; band++) {
    const add = (name: string, role: string, value: string) =>
      items.push({ name, value, sample: band, role, domain: null });
    if (options.offset !== undefined) add('OFFSET', 'offset', String(options.offset));
    if (options.scale !== undefined) add('SCALE', 'scale', String(options.scale));
    const description = options.bandDescriptions?.[band];
    if (description) add('DESCRIPTION', 'description', description);
  }
  if (items.length > 0) fields.push(textField(tag.gdalMetadata, formatGdalMetadata(items)));
  return fields;
}

/** Bits and SampleFormat. */
function sampleType(dtype: DataType): [number, number] {
  const bits = Number(/\d+$/.exec(dtype)?.[0] ?? 8);
  return [bits, dtype.startsWith('float') ? 3 : dtype.startsWith('int') ? 2 : 1];
}

/** TIFF's colour map: all reds, greens, blues, in 16 bits (255 becomes 65535: times 257). */
function colorMap(palette: readonly (readonly [number, number, number])[], bits: number): number[] {
  const entries = 2 ** bits;
  const values = new Array<number>(entries * 3).fill(0);
  palette.slice(0, entries).forEach((rgb, i) => {
    rgb.forEach((channel, c) => {
      values[c * entries + i] = channel * 257;
    });
  });
  return values;
}
