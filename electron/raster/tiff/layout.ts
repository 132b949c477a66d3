import { ycbcrBytes } from '../codecs/colour.ts';
import { refuse } from '../refusal.ts';
import type { FileSource } from '../source.ts';
import type { DataType } from '../types.ts';
import { type Directory, readNumber, readNumbers } from './directory.ts';
import { compression, photometric, tag } from './tags.ts';

/** How the pixels of one image lie in the file: checked numbers, no promise that the blocks themselves are whole. */
export interface Layout {
  readonly directory: Directory;
  readonly width: number;
  readonly height: number;
  /** Bands that come out of a block. */
  readonly samples: number;
  /** Samples of a pixel in the file: others than `samples` when a colour space is converted. */
  readonly storedSamples: number;
  /** YCbCr becomes RGB and 8-bit CMYK becomes RGBA, as GDAL shows them; `stored` is everything else. */
  readonly colour: 'stored' | 'ycbcr' | 'cmyk';
  readonly bits: number;
  readonly dtype: DataType;
  /** One plane per sample (PlanarConfiguration 2) instead of samples side by side. */
  readonly separate: boolean;
  readonly tiled: boolean;
  readonly blockWidth: number;
  readonly blockHeight: number;
  readonly across: number;
  readonly down: number;
  /** Rows of one strip or tile as stored; blocks are cut smaller when an uncompressed strip is large. */
  readonly storedHeight: number;
  readonly compression: number;
  readonly predictor: number;
  readonly photometric: number;
  readonly lsbFirst: boolean;
  readonly extraSamples: readonly number[];
  readonly subsampling: readonly [number, number];
}

/** A decoded block is held whole: beyond this the file is refused rather than the memory risked. */
const maxBlockBytes = 256 * 2 ** 20;
/** Uncompressed strips are read in pieces of about this size. */
const pieceBytes = 2 ** 20;

/** The layout of one directory. Errors: a refusal (damaged, sample-type, too-large). */
export async function readLayout(source: FileSource, directory: Directory): Promise<Layout> {
  const one = async (id: number, otherwise: number) => (await readNumber(source, directory, id)) ?? otherwise;
  const damaged = (message: string) => refuse('damaged', message, source.path);

  const width = await one(tag.imageWidth, 0);
  const height = await one(tag.imageLength, 0);
  if (!isSize(width) || !isSize(height)) throw damaged(`The image claims ${width} × ${height} pixels`);
  const samples = await one(tag.samplesPerPixel, 1);
  if (!Number.isInteger(samples) || samples < 1 || samples > 65535) {
    throw damaged(`The image claims ${samples} bands`);
  }
  const planar = await singleNumber(source, directory, tag.planarConfiguration, 1);
  if (planar !== 1 && planar !== 2) throw damaged(`The planar configuration is ${planar}, not 1 or 2`);
  const separate = planar === 2 && samples > 1;
  const bitsOfEach = await readNumbers(source, directory, tag.bitsPerSample, 0, samples);
  const formatOfEach = await readNumbers(source, directory, tag.sampleFormat, 0, samples);
  // As in libtiff, one number may stand for all bands; any other shortfall is a false number of bands.
  if (bitsOfEach.length > 1 && bitsOfEach.length < samples) {
    throw damaged(`The image claims ${samples} bands and states the bits of ${bitsOfEach.length}`);
  }
  const bits = bitsOfEach[0] ?? 1;
  if (bitsOfEach.some((b) => b !== bits) || formatOfEach.some((f) => f !== formatOfEach[0])) {
    throw refuse('layout', `The bands differ in type (${bitsOfEach.join(', ')} bits)`, source.path);
  }
  const dtype = dataType(bits, formatOfEach[0] ?? 1, source.path);
  const code = await one(tag.compression, 1);
  const interpretation = await one(tag.photometric, photometric.blackIsZero);
  const colour = colourOf(interpretation, code, bits, samples);
  if (interpretation === photometric.cieLab && bits === 8 && samples === 3) {
    throw refuse('layout', 'The image has colours in CIE L*a*b*', source.path);
  }
  if (colour !== 'stored' && (await one(tag.orientation, 1)) !== 1) {
    throw refuse('layout', 'The image is turned and has YCbCr or CMYK colours', source.path);
  }
  if (colour !== 'stored' && separate) {
    throw refuse('layout', 'The image has YCbCr or CMYK colours in separate planes', source.path);
  }

  const tiled = directory.fields.has(tag.tileWidth) || directory.fields.has(tag.tileOffsets);
  const rowsPerStrip = await one(tag.rowsPerStrip, height);
  const blockWidth = tiled ? await one(tag.tileWidth, 0) : width;
  const storedHeight = tiled
    ? await one(tag.tileLength, 0)
    : Math.min(rowsPerStrip === 0 ? height : rowsPerStrip, height);
  if (!isSize(blockWidth) || !isSize(storedHeight)) {
    throw damaged(`The image claims blocks of ${blockWidth} × ${storedHeight} pixels`);
  }
  const rowBytes = Math.ceil((blockWidth * (separate ? 1 : samples) * bits) / 8);
  const blockHeight =
    code === compression.none && !tiled && colour === 'stored'
      ? pieceRows(rowBytes, storedHeight, height)
      : storedHeight;
  const unpackedBytes = blockWidth * blockHeight * (separate ? 1 : samples) * pixelBytes(dtype);
  if (unpackedBytes > maxBlockBytes) {
    throw refuse(
      'too-large',
      `One block of ${blockWidth} × ${blockHeight} pixels would take ${Math.round(unpackedBytes / 2 ** 20)} MiB`,
      source.path,
    );
  }
  const [h = 2, v = 2] = await readNumbers(source, directory, tag.ycbcrSubSampling, 0, 2);
  if (colour === 'ycbcr' && ![h, v].every((n) => n === 1 || n === 2 || n === 4)) {
    throw damaged(`The colours are subsampled by ${h} and ${v}`);
  }
  return {
    directory,
    width,
    height,
    samples: colour === 'cmyk' ? 4 : samples,
    storedSamples: samples,
    colour,
    bits,
    dtype,
    separate,
    tiled,
    blockWidth,
    blockHeight,
    storedHeight,
    across: Math.ceil(width / blockWidth),
    down: Math.ceil(height / blockHeight),
    compression: code,
    predictor: await one(tag.predictor, 1),
    photometric: interpretation,
    lsbFirst: (await one(tag.fillOrder, 1)) === 2,
    // The alpha of a converted CMYK image says nothing: it is always opaque.
    extraSamples: colour === 'cmyk' ? [] : await readNumbers(source, directory, tag.extraSamples, 0, samples),
    subsampling: [h, v],
  };
}

/** Which colours are converted. JPEG and WebP turn YCbCr into RGB within their streams. */
function colourOf(interpretation: number, code: number, bits: number, samples: number): Layout['colour'] {
  if (bits !== 8 || code === compression.webp) return 'stored';
  if (interpretation === photometric.ycbcr && samples === 3 && code !== compression.jpeg) return 'ycbcr';
  return interpretation === photometric.cmyk && samples >= 4 ? 'cmyk' : 'stored';
}

/** Bytes of `rows` rows of a block as its codec delivers them, before colours are converted. */
export function codedBytes(layout: Layout, rows: number): number {
  if (layout.colour === 'ycbcr') {
    const [h, v] = layout.subsampling;
    return ycbcrBytes(layout.blockWidth, rows, { h, v });
  }
  return Math.ceil((layout.blockWidth * planeSamples(layout) * layout.bits) / 8) * rows;
}

/** Samples side by side in a stored block. */
export function planeSamples(layout: Layout): number {
  return layout.separate ? 1 : layout.storedSamples;
}

/** Bytes of one value once unpacked: 64-bit integers become float64, 16-bit floats float32. */
export function pixelBytes(dtype: DataType): number {
  switch (dtype) {
    case 'uint8':
    case 'int8':
      return 1;
    case 'uint16':
    case 'int16':
      return 2;
    case 'uint64':
    case 'int64':
    case 'float64':
      return 8;
    default:
      return 4;
  }
}

function isSize(n: number): boolean {
  return Number.isInteger(n) && n >= 1 && n <= 0x7fffffff;
}

/** The value of a tag that must be single: one that claims more is a damaged file, as GDAL sees it. */
async function singleNumber(source: FileSource, directory: Directory, id: number, otherwise: number) {
  const field = directory.fields.get(id);
  if (field && field.count !== 1) {
    throw refuse('damaged', `Tag ${id} claims ${field.count} values instead of one`, source.path);
  }
  return (await readNumber(source, directory, id)) ?? otherwise;
}

/** SampleFormat 1 unsigned, 2 signed, 3 float, 4 void (read as unsigned), 5 and 6 complex. */
function dataType(bits: number, format: number, path: string): DataType {
  if (format === 3) {
    if (bits === 16) return 'float16';
    if (bits === 24 || bits === 32) return 'float32';
    if (bits === 64) return 'float64';
  } else if (format === 2) {
    if (bits === 8) return 'int8';
    if (bits === 16) return 'int16';
    if (bits === 32) return 'int32';
    if (bits === 64) return 'int64';
    // Other signed widths are taken as bits without a sign, as GDAL does.
    if (bits >= 1 && bits < 32) return dataType(bits, 1, path);
  } else if (format === 1 || format === 4) {
    if (bits >= 1 && bits <= 8) return 'uint8';
    if (bits > 8 && bits <= 16) return 'uint16';
    if (bits > 16 && bits <= 32) return 'uint32';
    if (bits === 64) return 'uint64';
  } else if (format === 5 || format === 6) {
    throw refuse('sample-type', `The pixels are complex numbers of ${bits} bits`, path);
  }
  throw refuse('sample-type', `The pixels have ${bits} bits in sample format ${format}`, path);
}

/** Rows of one piece: any number when there is a single strip, else a divisor of the strip's rows. */
function pieceRows(rowBytes: number, stripRows: number, height: number): number {
  const fitting = Math.max(1, Math.floor(pieceBytes / rowBytes));
  if (fitting >= stripRows) return stripRows;
  if (stripRows >= height) return fitting;
  let rows = fitting;
  while (stripRows % rows !== 0) rows--;
  return rows;
}
