/** Conversions of colour spaces that libtiff (and so GDAL) shows as RGB, with its fixed-point rounding. */

export interface YcbcrFormat {
  /** Chroma samples stand for `h` × `v` pixels. */
  readonly h: number;
  readonly v: number;
  /** Tag 529, by default ITU-R BT.601. */
  readonly luma: readonly [number, number, number];
  /** Tag 532: black and white of Y, Cb, Cr. */
  readonly reference: readonly number[];
}

/** Converts one pixel; `out[at]` to `out[at + 2]` become R, G, B. */
export type YcbcrConverter = (y: number, cb: number, cr: number, out: Uint8Array, at: number) => void;

/** TIFF 6.0 section 20, in 16-bit fixed point as libtiff computes it. */
export function ycbcrConverter({ luma, reference }: YcbcrFormat): YcbcrConverter {
  const [red, green, blue] = luma;
  const fixed = (x: number) => Math.floor(Math.min(Math.max(Math.fround(x), 0), 2) * 65536 + 0.5);
  const f1 = Math.fround(2 - 2 * red);
  const f3 = Math.fround(2 - 2 * blue);
  const d1 = fixed(f1);
  const d2 = -fixed((red * f1) / green);
  const d3 = fixed(f3);
  const d4 = -fixed((blue * f3) / green);
  const level = (code: number, black: number, white: number, range: number) => {
    const value = ((code - Math.trunc(black)) * range) / (white - black || 1);
    return Math.trunc(Math.min(Math.max(value, -4096), 4096));
  };
  const [yb = 0, yw = 255, bb = 128, bw = 255, rb = 128, rw = 255] = reference;
  const ys = Int32Array.from({ length: 256 }, (_, i) => level(i, yb, yw, 255));
  const cbs = Int32Array.from({ length: 256 }, (_, i) => level(i - 128, bb - 128, bw - 128, 127));
  const crs = Int32Array.from({ length: 256 }, (_, i) => level(i - 128, rb - 128, rw - 128, 127));
  return (y, cb, cr, out, at) => {
    const luminance = ys[y] as number;
    const b = cbs[cb] as number;
    const r = crs[cr] as number;
    out[at] = clamp(luminance + ((d1 * r + 32768) >> 16));
    out[at + 1] = clamp(luminance + ((d4 * b + 32768 + d2 * r) >> 16));
    out[at + 2] = clamp(luminance + ((d3 * b + 32768) >> 16));
  };
}

/** Bytes of `rows` rows of data units: h × v luma samples, then Cb and Cr. */
export function ycbcrBytes(width: number, rows: number, { h, v }: Pick<YcbcrFormat, 'h' | 'v'>): number {
  return Math.ceil(width / h) * Math.ceil(rows / v) * (h * v + 2);
}

/** Data units → interleaved RGB; chroma is repeated, as libtiff does. */
export function ycbcrUnitsToRgb(
  data: Uint8Array,
  width: number,
  rows: number,
  format: YcbcrFormat,
): Uint8Array {
  const { h, v } = format;
  const convert = ycbcrConverter(format);
  const across = Math.ceil(width / h);
  const unit = h * v + 2;
  const out = new Uint8Array(width * rows * 3);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < width; x++) {
      const base = (Math.floor(y / v) * across + Math.floor(x / h)) * unit;
      const luminance = data[base + (y % v) * h + (x % h)] as number;
      const cb = data[base + h * v] as number;
      convert(luminance, cb, data[base + h * v + 1] as number, out, (y * width + x) * 3);
    }
  }
  return out;
}

/** Interleaved ink densities (C, M, Y, K, then others that are left out) → opaque RGBA. */
export function cmykToRgba(data: Uint8Array, pixels: number, stride: number): Uint8Array {
  const out = new Uint8Array(pixels * 4);
  for (let i = 0; i < pixels; i++) {
    const light = 255 - (data[i * stride + 3] as number);
    for (let c = 0; c < 3; c++) {
      out[i * 4 + c] = Math.floor((light * (255 - (data[i * stride + c] as number))) / 255);
    }
    out[i * 4 + 3] = 255;
  }
  return out;
}

function clamp(value: number): number {
  return value < 0 ? 0 : Math.min(value, 255);
}
