/**
 * Chooses a transform per band from a sample of pixels and from the sensor, when it is known. The data decide wherever
 * they can: a coherency matrix is recognised by the Cauchy–Schwarz inequality that only such a matrix obeys.
 */
import { must } from '../base/assert.ts';
import type { DataKind } from '../contract/catalog/augmentations/card.ts';
import { sensorCard } from '../contract/catalog/sensors.ts';
import type { BandTransform } from '../contract/encoder.ts';
import { isSpeckled } from './speckled.ts';

/** Band-separate valid pixels: `bands[b][i]` is band b of pixel i. */
export interface PixelSample {
  readonly bands: readonly Float32Array[];
  readonly count: number;
  /** The values are whole numbers in the file, with a scale: products, which are never powers. */
  readonly scaled?: boolean;
}

/**
 * Beyond this ratio of (p99 − median) to (p75 − median) a band has a heavy tail: 3.4 for a normal distribution, 5.6
 * for an exponential one (speckle of one look), 8 and more where powers of many surfaces mix.
 */
const heavyTail = 8;

/** Medians and spread of powers in decibels, whatever the band and the ground. */
const decibels = { low: -40, high: 10, dark: -5, leastSpread: 2, mostSpread: 60 };

const radarKinds: readonly BandTransform['kind'][] = ['log', 'cross', 'decibel'];

/** What the pixels are, for the choice of augmentations: as the sensor's card says, else radar where most bands are powers, in decibels or not, or made of them. */
export function dataKind(transforms: readonly BandTransform[], sensor: string | null): DataKind {
  const stated = sensor === null ? undefined : sensorCard(sensor)?.data;
  const powers = transforms.filter(({ kind }) => radarKinds.includes(kind)).length;
  return stated ?? (2 * powers > transforms.length ? 'radar' : 'optical');
}

/** One transform per band of the sample. Integer data are left linear unless the sensor is a radar: they are scaled products. */
export function chooseTransforms(sample: PixelSample, sensor: string | null): BandTransform[] {
  const family = sensor === null ? undefined : sensorCard(sensor)?.data;
  const linear = (): BandTransform[] => sample.bands.map(() => ({ kind: 'linear' }));
  if (family === 'optical' || sample.count === 0) return linear();
  const matrix = matrixTransforms(sample);
  if (matrix) return matrix;
  if (areDecibels(sample)) return sample.bands.map(() => ({ kind: 'decibel' }));
  if (family === undefined && sample.scaled) return linear();
  if (family === undefined && arePowers(sample)) return sample.bands.map(ofRadar);
  const chosen = sample.bands.map((values) => (family === 'radar' ? ofRadar(values) : ofUnknown(values)));
  // Reflectances have an odd heavy band too (cirrus); powers and what is made of them have heavy tails throughout.
  const heavy = chosen.filter(({ kind }) => kind !== 'linear').length;
  return family === 'radar' || 2 * heavy > chosen.length ? chosen : linear();
}

/** Negative for the most part, within what ground and water send back, and spread as speckle spreads them. */
function areDecibels({ bands }: PixelSample): boolean {
  const all = bands.map(quantiles);
  const fits = all.every(({ median, p1, p99 }) => {
    const spread = p99 - p1;
    const isSpread = spread >= decibels.leastSpread && spread <= decibels.mostSpread;
    return median >= decibels.low && median <= decibels.high && isSpread;
  });
  const dark = all.filter(({ median }) => median < 0).length;
  return fits && 2 * dark > all.length && all.some(({ median }) => median <= decibels.dark);
}

/** Speckle in most bands, and never below zero: powers or amplitudes of a radar that nobody named. */
function arePowers({ bands }: PixelSample): boolean {
  const whole = bands.every((values) => values.every((v) => Number.isInteger(v)));
  if (whole || !bands.every((values) => values.every((v) => v >= 0))) return false;
  return 2 * bands.filter(isSpeckled).length > bands.length;
}

function ofRadar(values: Float32Array): BandTransform {
  const isPower = values.every((v) => v >= 0) && values.some((v) => v > 0);
  return isPower ? { kind: 'log', floor: floorOf(values) } : { kind: 'linear' };
}

function ofUnknown(values: Float32Array): BandTransform {
  if (values.every((v) => Number.isInteger(v))) return { kind: 'linear' };
  const q = quantiles(values);
  const above = (q.p99 - q.median) / Math.max(q.p75 - q.median, Number.MIN_VALUE);
  const below = (q.median - q.p1) / Math.max(q.median - q.p25, Number.MIN_VALUE);
  if (q.min >= 0) return above > heavyTail ? { kind: 'log', floor: floorOf(values) } : { kind: 'linear' };
  const isHeavy = Math.max(above, below) > heavyTail && q.p75 > q.p25;
  return isHeavy ? { kind: 'asinh', scale: (q.p75 - q.p25) / 2 } : { kind: 'linear' };
}

/**
 * The transforms of a polarimetric covariance or coherency matrix of 2, 3 or 4 channels stored as n² real bands, or
 * undefined when the sample is no such matrix. Two orders are in use: powers first, then the real and imaginary parts
 * of the upper triangle; or the upper triangle row by row.
 * Test: powers are never negative, parts of cross terms have both signs, and |Tij|² ≤ Tii·Tjj (Cauchy and Schwarz; it
 * holds for any average of outer products) at nearly every pixel.
 */
function matrixTransforms(sample: PixelSample): BandTransform[] | undefined {
  const n = Math.sqrt(sample.bands.length);
  if (n !== 2 && n !== 3 && n !== 4) return undefined;
  for (const layout of [powersFirst(n), rowByRow(n)]) {
    if (isMatrix(sample, layout)) return layoutTransforms(layout, sample);
  }
  return undefined;
}

/** Where a band stands in the matrix: row i, column j, and for cross terms whether it is the imaginary part. */
interface Place {
  readonly i: number;
  readonly j: number;
  readonly imaginary: boolean;
}

function powersFirst(n: number): Place[] {
  const places: Place[] = Array.from({ length: n }, (_, i) => ({ i, j: i, imaginary: false }));
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) places.push({ i, j, imaginary: false }, { i, j, imaginary: true });
  }
  return places;
}

function rowByRow(n: number): Place[] {
  const places: Place[] = [];
  for (let i = 0; i < n; i++) {
    places.push({ i, j: i, imaginary: false });
    for (let j = i + 1; j < n; j++) places.push({ i, j, imaginary: false }, { i, j, imaginary: true });
  }
  return places;
}

const powerAt = (layout: readonly Place[], i: number) => layout.findIndex((p) => p.i === i && p.j === i);

function isMatrix(sample: PixelSample, layout: readonly Place[]): boolean {
  const nearlyAll = 0.99 * sample.count;
  return layout.every((place, band) => {
    const values = must(sample.bands[band], `band ${band}`);
    if (place.i === place.j) return count(values, (v) => v >= 0) >= nearlyAll && values.some((v) => v > 0);
    if (place.imaginary) return true;
    const imaginary = must(sample.bands[band + 1], 'imaginary part');
    const first = must(sample.bands[powerAt(layout, place.i)], 'power');
    const second = must(sample.bands[powerAt(layout, place.j)], 'power');
    const signed = [values, imaginary].every((part) => count(part, (v) => v < 0) >= 0.001 * sample.count);
    // A thousandth more than the bound allows for rounding in the file.
    const holds = count(values, (re, p) => {
      const im = imaginary[p] as number;
      return re * re + im * im <= 1.001 * (first[p] as number) * (second[p] as number);
    });
    return signed && holds >= nearlyAll;
  });
}

function layoutTransforms(layout: readonly Place[], sample: PixelSample): BandTransform[] {
  const floors = Array.from({ length: Math.sqrt(layout.length) }, (_, i) =>
    floorOf(must(sample.bands[powerAt(layout, i)], 'power')),
  );
  const floor = (i: number) => must(floors[i], 'floor');
  return layout.map(({ i, j }) => {
    if (i === j) return { kind: 'log', floor: floor(i) };
    return { kind: 'cross', powers: [powerAt(layout, i), powerAt(layout, j)], floor: floor(i) * floor(j) };
  });
}

function count(values: Float32Array, test: (value: number, index: number) => boolean): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) if (test(values[i] as number, i)) total++;
  return total;
}

/** A value below which a power is noise or zero: a tenth of the first percentile of what is positive. */
function floorOf(values: Float32Array): number {
  const positive = values.filter((v) => v > 0).sort();
  return positive.length ? 0.1 * (positive[Math.floor(0.01 * positive.length)] as number) : 1e-12;
}

function quantiles(values: Float32Array) {
  const sorted = values.slice().sort();
  const at = (q: number) => sorted[Math.round(q * (sorted.length - 1))] as number;
  return {
    min: at(0),
    p1: at(0.01),
    p25: at(0.25),
    median: at(0.5),
    p75: at(0.75),
    p99: at(0.99),
  };
}
