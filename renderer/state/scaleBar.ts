import { formatValue } from '../texts/format.ts';
import type { Units } from './coordinates.ts';

/** The longest round length that fits into about 110 screen pixels. */
export function scaleBar(
  resolution: number,
  units: Units,
  latitude: number,
): { readonly pixels: number; readonly label: string } {
  const perPixel =
    units === 'degrees'
      ? resolution * 111_319.49 * Math.max(0.01, Math.cos((latitude * Math.PI) / 180))
      : resolution;
  const most = perPixel * 110;
  const power = 10 ** Math.floor(Math.log10(most));
  const length = [5, 2, 1].map((m) => m * power).find((l) => l <= most) ?? power;
  const label =
    units === 'pixels'
      ? `${formatValue(length)} px`
      : length >= 1000
        ? `${formatValue(length / 1000)} km`
        : `${formatValue(length)} m`;
  return { pixels: length / perPixel, label };
}
