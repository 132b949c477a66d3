import { tongue } from './tongue.svelte.ts';

/** Numbers, dates and units as the reader's locale writes them. Null and not-a-number read "–". */
const none = '–';

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function formatNumber(value: number | null | undefined, digits = 0): string {
  if (!isNumber(value)) return none;
  return value.toLocaleString(tongue().locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** Four significant digits, in powers of ten where that is shorter: raster values of any kind. */
export function formatValue(value: number | null | undefined): string {
  if (!isNumber(value)) return none;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7))
    return withLocalPoint(value.toExponential(2).replace('e+', 'e'));
  return value.toLocaleString(tongue().locale, { maximumSignificantDigits: 4 });
}

function withLocalPoint(text: string): string {
  return text.replace('.', (1.5).toLocaleString(tongue().locale).charAt(1));
}

/** A share as percent. */
export function formatPercent(share: number | null | undefined, digits = 1): string {
  return isNumber(share) ? `${formatNumber(share * 100, digits)} %` : none;
}

export function formatBytes(bytes: number | null | undefined): string {
  if (!isNumber(bytes)) return none;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${formatNumber(bytes / 1000 ** power, power > 1 ? 1 : 0)} ${units[power]}`;
}

export function formatDuration(seconds: number | null | undefined): string {
  if (!isNumber(seconds)) return none;
  const s = Math.round(seconds);
  if (s < 60) return s < 1 && seconds > 0 ? '< 1 s' : `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s`;
  return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`;
}

/** `tiles` per second. */
export function formatRate(rate: number | null | undefined, unit: string): string {
  if (!isNumber(rate)) return none;
  return `${formatNumber(rate, rate < 10 ? 1 : 0)} ${unit}/s`;
}

export function formatDate(iso: string | null | undefined): string {
  if (!iso) return none;
  return new Date(iso).toLocaleDateString(tongue().locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    // A day without an hour is the same day everywhere.
    ...(iso.length === 10 ? { timeZone: 'UTC' } : {}),
  });
}

export function formatTime(iso: string | null | undefined): string {
  if (!iso) return none;
  return new Date(iso).toLocaleString(tongue().locale, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** Metres, or kilometres from one on. */
export function formatLength(metres: number | null | undefined): string {
  if (!isNumber(metres)) return none;
  return metres < 1000
    ? `${formatNumber(metres, metres < 10 ? 1 : 0)} m`
    : `${formatNumber(metres / 1000, 2)} km`;
}

export function formatArea(area: number | null | undefined, unit: string): string {
  if (!isNumber(area)) return none;
  return `${formatNumber(area, area < 100 && unit === 'ha' ? 1 : 0)} ${unit}`;
}
