/** TIFF 6.0, BigTIFF, GeoTIFF 1.1 and GDAL tags that this room reads or writes. */
export const tag = {
  newSubfileType: 254,
  subfileType: 255,
  imageWidth: 256,
  imageLength: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  imageDescription: 270,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planarConfiguration: 284,
  t4Options: 292,
  t6Options: 293,
  software: 305,
  dateTime: 306,
  predictor: 317,
  colorMap: 320,
  tileWidth: 322,
  tileLength: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  extraSamples: 338,
  sampleFormat: 339,
  jpegTables: 347,
  jpegInterchangeFormat: 513,
  jpegInterchangeFormatLength: 514,
  jpegQTables: 519,
  jpegDcTables: 520,
  jpegAcTables: 521,
  ycbcrCoefficients: 529,
  ycbcrSubSampling: 530,
  referenceBlackWhite: 532,
  modelPixelScale: 33550,
  modelTiepoint: 33922,
  modelTransformation: 34264,
  geoKeyDirectory: 34735,
  geoDoubleParams: 34736,
  geoAsciiParams: 34737,
  gdalMetadata: 42112,
  gdalNodata: 42113,
  lercParameters: 50674,
} as const;

export const compression = {
  none: 1,
  ccittRle: 2,
  fax3: 3,
  fax4: 4,
  lzw: 5,
  oldJpeg: 6,
  jpeg: 7,
  deflate: 8,
  deflateOld: 32946,
  packBits: 32773,
  sgiLog: 34676,
  sgiLog24: 34677,
  lerc: 34887,
  zstd: 50000,
  webp: 50001,
} as const;

/** What a compression is called in messages and tables; the number when nobody knows it. */
export function compressionName(code: number): string {
  const names: Record<number, string> = {
    1: 'none',
    2: 'CCITT RLE',
    3: 'CCITT fax 3',
    4: 'CCITT fax 4',
    5: 'LZW',
    6: 'old-style JPEG',
    7: 'JPEG',
    8: 'Deflate',
    32773: 'PackBits',
    32809: 'ThunderScan',
    32946: 'Deflate',
    34676: 'SGI LogLuv',
    34677: 'SGI LogLuv 24',
    34712: 'JPEG 2000',
    34887: 'LERC',
    34925: 'LZMA',
    50000: 'ZSTD',
    50001: 'WebP',
    50002: 'JPEG XL',
  };
  return names[code] ?? `number ${code}`;
}

/** Photometric interpretations. */
export const photometric = {
  whiteIsZero: 0,
  blackIsZero: 1,
  rgb: 2,
  palette: 3,
  mask: 4,
  cmyk: 5,
  ycbcr: 6,
  cieLab: 8,
  logL: 32844,
  logLuv: 32845,
} as const;

/** Bytes of one value of a TIFF field type; 0 for a type nobody knows. */
export function fieldSize(type: number): number {
  return [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8][type] ?? 0;
}
