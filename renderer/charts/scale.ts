/** Ticks at round numbers, at most `count` of them, inside [low, high]. */
export function niceTicks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * (1 - 1e-9)) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Twelve digits: what is left of a decimal fraction after multiplying is noise.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** How many tick labels stand beside each other without touching: the longest of both ends, with room between. */
export function fittingTicks(pixels: number, labels: readonly string[], characterWidth = 6.2): number {
  const longest = Math.max(1, ...labels.map((label) => label.length));
  return Math.max(1, Math.min(6, Math.floor(pixels / (longest * characterWidth + 14))));
}

export type Point = readonly [x: number, y: number];

/**
 * At most about `buckets · 2` points with every peak kept: of each bucket of x the lowest and the highest value stay,
 * in their order. The last point is always there.
 */
export function thin(points: readonly Point[], buckets: number): readonly Point[] {
  if (points.length <= buckets * 2) return points;
  const out: Point[] = [];
  const size = points.length / buckets;
  for (let b = 0; b < buckets; b += 1) {
    const part = points.slice(Math.floor(b * size), Math.floor((b + 1) * size));
    const low = part.reduce((a, p) => (p[1] < a[1] ? p : a), part[0] as Point);
    const high = part.reduce((a, p) => (p[1] > a[1] ? p : a), part[0] as Point);
    out.push(...(low === high ? [low] : low[0] < high[0] ? [low, high] : [high, low]));
  }
  const last = points.at(-1);
  if (last && out.at(-1) !== last) out.push(last);
  return out;
}

/** Lowest and highest y with a little room; a flat line stands in the middle. */
export function extentOf(series: readonly (readonly Point[])[]): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const points of series)
    for (const [, y] of points) {
      if (y < low) low = y;
      if (y > high) high = y;
    }
  if (low > high) return [0, 1];
  if (low === high) return [low - Math.abs(low || 1) * 0.1, high + Math.abs(high || 1) * 0.1];
  const room = (high - low) * 0.06;
  return [low - room, high + room];
}
