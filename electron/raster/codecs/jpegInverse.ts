/**
 * The inverse DCT, upsampling and colour conversion of the Independent JPEG Group's library in its default setting
 * (accurate integer DCT after Loeffler, Ligtenberg and Moschytz 1989; triangle-filter upsampling), with its rounding, so
 * that pixels equal those of GDAL and every other reader built on it.
 */
const f0298 = 2446;
const f0390 = 3196;
const f0541 = 4433;
const f0765 = 6270;
const f0899 = 7373;
const f1175 = 9633;
const f1501 = 12299;
const f1847 = 15137;
const f1961 = 16069;
const f2053 = 16819;
const f2562 = 20995;
const f3072 = 25172;

const work = new Int32Array(64);

/** 64 dequantised coefficients (natural order) → 8×8 samples at `out[at]`, rows `stride` apart. */
export function inverseDct(coefficients: Int32Array, out: Uint8Array, at: number, stride: number): void {
  for (let i = 0; i < 8; i++) {
    butterfly(coefficients, i, 8, 11);
    for (let k = 0; k < 8; k++) work[i + k * 8] = result[k] as number;
  }
  for (let i = 0; i < 8; i++) {
    butterfly(work, i * 8, 1, 18);
    const row = at + i * stride;
    for (let k = 0; k < 8; k++) {
      const value = (result[k] as number) + 128;
      out[row + k] = value < 0 ? 0 : Math.min(value, 255);
    }
  }
}

const result = new Int32Array(8);

/** One 1-D transform over 8 values `step` apart, descaled by `shift` bits with rounding, into `result`. */
function butterfly(input: Int32Array, base: number, step: number, shift: number): void {
  const c2 = input[base + 2 * step] as number;
  const c6 = input[base + 6 * step] as number;
  const e1 = (c2 + c6) * f0541;
  const e2 = e1 - c6 * f1847;
  const e3 = e1 + c2 * f0765;
  const c0 = input[base] as number;
  const c4 = input[base + 4 * step] as number;
  const e0 = (c0 + c4) * 8192;
  const e4 = (c0 - c4) * 8192;
  const t10 = e0 + e3;
  const t13 = e0 - e3;
  const t11 = e4 + e2;
  const t12 = e4 - e2;

  const o0 = input[base + 7 * step] as number;
  const o1 = input[base + 5 * step] as number;
  const o2 = input[base + 3 * step] as number;
  const o3 = input[base + step] as number;
  const z5 = (o0 + o2 + o1 + o3) * f1175;
  const z1 = -(o0 + o3) * f0899;
  const z2 = -(o1 + o2) * f2562;
  const z3 = -(o0 + o2) * f1961 + z5;
  const z4 = -(o1 + o3) * f0390 + z5;
  const t0 = o0 * f0298 + z1 + z3;
  const t1 = o1 * f2053 + z2 + z4;
  const t2 = o2 * f3072 + z2 + z3;
  const t3 = o3 * f1501 + z1 + z4;

  const half = 1 << (shift - 1);
  result[0] = (t10 + t3 + half) >> shift;
  result[7] = (t10 - t3 + half) >> shift;
  result[1] = (t11 + t2 + half) >> shift;
  result[6] = (t11 - t2 + half) >> shift;
  result[2] = (t12 + t1 + half) >> shift;
  result[5] = (t12 - t1 + half) >> shift;
  result[3] = (t13 + t0 + half) >> shift;
  result[4] = (t13 - t0 + half) >> shift;
}

/** Samples of one component; `width` × `height` of them count, rows are `stride` apart. */
export interface Plane {
  readonly samples: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly stride: number;
}

/** A component brought to full size: `h` and `v` times as many columns and rows, cut to width × height. */
export function upsample(plane: Plane, h: number, v: number, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height);
  if (h === 1 && v === 1) {
    for (let y = 0; y < height; y++) {
      out.set(plane.samples.subarray(y * plane.stride, y * plane.stride + width), y * width);
    }
    return out;
  }
  const fancy = (h === 2 && v <= 2 && plane.width > 2) || (h === 1 && v === 2);
  const row = new Uint8Array(plane.width * h);
  for (let y = 0; y < height; y++) {
    const near = Math.min(Math.floor(y / v), plane.height - 1);
    if (!fancy) replicate(plane, near, h, row);
    else {
      const far = v === 1 ? near : clampRow(near + (y % 2 === 0 ? -1 : 1), plane.height);
      if (h === 1) blendRows(plane, near, far, y % 2 === 0 ? 1 : 2, row);
      else if (v === 1) widen(plane, near, row);
      else widenRows(plane, near, far, row);
    }
    out.set(row.subarray(0, width), y * width);
  }
  return out;
}

function clampRow(row: number, height: number): number {
  return Math.max(0, Math.min(height - 1, row));
}

function replicate(plane: Plane, y: number, h: number, row: Uint8Array): void {
  const base = y * plane.stride;
  for (let x = 0, at = 0; x < plane.width; x++) {
    for (let k = 0; k < h; k++) row[at++] = plane.samples[base + x] as number;
  }
}

function blendRows(plane: Plane, near: number, far: number, bias: number, row: Uint8Array): void {
  for (let x = 0; x < plane.width; x++) {
    const a = plane.samples[near * plane.stride + x] as number;
    const b = plane.samples[far * plane.stride + x] as number;
    row[x] = (a * 3 + b + bias) >> 2;
  }
}

/** Columns doubled: three quarters of the nearer sample, one of the farther. */
function widen(plane: Plane, y: number, row: Uint8Array): void {
  const base = y * plane.stride;
  const last = plane.width - 1;
  const s = (x: number) => plane.samples[base + x] as number;
  for (let x = 0; x <= last; x++) {
    row[2 * x] = x === 0 ? s(0) : (s(x) * 3 + s(x - 1) + 1) >> 2;
    row[2 * x + 1] = x === last ? s(last) : (s(x) * 3 + s(x + 1) + 2) >> 2;
  }
}

/** Both doubled: the rows are blended first, then the columns, with one rounding. */
function widenRows(plane: Plane, near: number, far: number, row: Uint8Array): void {
  const last = plane.width - 1;
  const sum = (x: number) =>
    (plane.samples[near * plane.stride + x] as number) * 3 +
    (plane.samples[far * plane.stride + x] as number);
  for (let x = 0; x <= last; x++) {
    row[2 * x] = x === 0 ? (sum(0) * 4 + 8) >> 4 : (sum(x) * 3 + sum(x - 1) + 8) >> 4;
    row[2 * x + 1] = x === last ? (sum(last) * 4 + 7) >> 4 : (sum(x) * 3 + sum(x + 1) + 7) >> 4;
  }
}

/** Interleaved YCbCr → RGB in place (ITU-R BT.601, full range, 16-bit fixed point). */
export function ycbcrToRgb(pixels: Uint8Array): void {
  for (let i = 0; i + 2 < pixels.length; i += 3) {
    const y = pixels[i] as number;
    const cb = (pixels[i + 1] as number) - 128;
    const cr = (pixels[i + 2] as number) - 128;
    pixels[i] = clamp(y + ((91881 * cr + 32768) >> 16));
    pixels[i + 1] = clamp(y + ((-22554 * cb - 46802 * cr + 32768) >> 16));
    pixels[i + 2] = clamp(y + ((116130 * cb + 32768) >> 16));
  }
}

function clamp(value: number): number {
  return value < 0 ? 0 : Math.min(value, 255);
}
