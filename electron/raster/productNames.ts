/** What the file names of satellite products say: the band of a file that holds one, and the day it was taken. */
import { basename, extname } from 'node:path';

/** A band in a product's name: where it is in the name, and how it is called there. */
const bandPatterns: readonly RegExp[] = [
  /_(S[RT]_B\d{1,2})$/i, // Landsat Collection 2, surface
  /(?:^|_)(B(?:0[1-9]|1[0-2]|8A))(?:_(?:10|20|60)m)?$/i, // Sentinel-2
  /_(B\d{1,2})$/i, // Landsat
  /(sur_refl_b0[1-7])(?:_\d)?$/i, // MODIS
  /(?:^|[_-])(VV|VH|HH|HV)$/i, // Sentinel-1
];

/** The band that a file is by its name (`B04`, `SR_B4`, `VH`), or null. */
export function bandInName(path: string): string | null {
  const name = basename(path, extname(path));
  for (const pattern of bandPatterns) {
    const band = pattern.exec(name)?.[1];
    if (band) return band.startsWith('s') ? band : band.toUpperCase();
  }
  return null;
}

/** The name of the product that a band's file belongs to: all but band, resolution and ending. */
export function productOf(path: string): string {
  const name = basename(path, extname(path));
  const pattern = bandPatterns.find((known) => known.test(name));
  return pattern ? name.replace(pattern, '') : name;
}

/** Year, month and day, or year and day of the year. */
const datePatterns: readonly RegExp[] = [
  /^S2[A-D]_MSIL\d\w_(\d{4})(\d\d)(\d\d)T/,
  /^(?:L\d\w_)?T\d\d[A-Z]{3}_(?:A\d+_)?(\d{4})(\d\d)(\d\d)T/, // bands of Sentinel-2
  /^L[COETM]\d\d_L\w{3}_\d{6}_(\d{4})(\d\d)(\d\d)_/, // Landsat collections
  /^L[COETM]\d\d{6}(\d{4})(\d{3})/, // Landsat before them
  /^M[OYC]D\w{2,6}\.A(\d{4})(\d{3})\./, // MODIS
  /^S1[A-D]_\w{2}_\w{4}_\w{4}_(\d{4})(\d\d)(\d\d)T/,
  /^(\d{4})(\d\d)(\d\d)_\d{6}_/, // PlanetScope
];

/** The day in a product's name as `YYYY-MM-DD`, or null. */
export function dateInName(path: string): string | null {
  const name = basename(path);
  for (const pattern of datePatterns) {
    const [, year, month, day] = (pattern.exec(name) ?? []).map(Number);
    if (year === undefined || month === undefined || year < 1970) continue;
    // A day of the year is a day of a very long January.
    const date = new Date(Date.UTC(year, day === undefined ? 0 : month - 1, day ?? month));
    const whole = day === undefined ? month >= 1 && month <= 366 : date.getUTCDate() === day;
    if (whole && date.getUTCFullYear() === year) return date.toISOString().slice(0, 10);
  }
  return null;
}
