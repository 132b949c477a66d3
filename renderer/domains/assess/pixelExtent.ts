import type { Extent } from '../../../electron/contract/geometry.ts';

/** Pixels left, top, right, bottom in the project's coordinates; x = column, y = −row where there is no geotransform. */
export function extentOfPixels(
  [left, top, right, bottom]: readonly [number, number, number, number],
  geotransform: readonly number[] | null,
): Extent {
  const [a, b, c, d, e, f] = geotransform ?? [0, 1, 0, 0, 0, -1];
  const corners = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ] as const;
  const xs = corners.map(([col, row]) => (a ?? 0) + col * (b ?? 1) + row * (c ?? 0));
  const ys = corners.map(([col, row]) => (d ?? 0) + col * (e ?? 0) + row * (f ?? -1));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** The extent around all; null for none. */
export function joined(extents: readonly Extent[]): Extent | null {
  if (extents.length === 0) return null;
  const side = (axis: 0 | 1 | 2 | 3) => extents.map((extent) => extent[axis]);
  return [Math.min(...side(0)), Math.min(...side(1)), Math.max(...side(2)), Math.max(...side(3))];
}
