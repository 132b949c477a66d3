import { byteRoutes, levels, tileSize } from '../../electron/contract/bytes.ts';
import type { Client } from '../../electron/contract/client.ts';
import type { BandSummary, Scene } from '../../electron/contract/scene.ts';
import { fetchBytes } from './fetchBytes.ts';
import { toScale, type ValueScale } from './stretch.ts';

export interface Histogram {
  readonly domain: readonly [number, number];
  readonly counts: readonly number[];
}

const bins = 96;
const tilesRead = 4;

/**
 * Histograms as they are drawn. The statistics count over the whole range of values, which tells nothing about a band
 * with a long tail or on another scale; then a few tiles at full resolution are counted instead.
 */
export class Histograms {
  #known = $state.raw<Readonly<Record<string, Histogram>>>({});
  readonly #asked = new Set<string>();
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  of(scene: Scene, band: BandSummary, scale: ValueScale): Histogram {
    const whole = {
      domain: [band.histogram.min, band.histogram.max] as const,
      counts: band.histogram.counts,
    };
    return tellsEnough(whole.counts, scale)
      ? whole
      : (this.#known[keyOf(scene, band, scale)] ?? empty(band, scale));
  }

  /** Counts tiles when the statistics do not tell enough, once for a band and scale. */
  async want(scene: Scene, band: BandSummary, scale: ValueScale): Promise<void> {
    const key = keyOf(scene, band, scale);
    if (tellsEnough(band.histogram.counts, scale) || this.#asked.has(key)) return;
    this.#asked.add(key);
    const z = levels(scene.width, scene.height) - 1;
    const [columns, rows] = [Math.ceil(scene.width / tileSize), Math.ceil(scene.height / tileSize)];
    const values: number[] = [];
    for (let i = 0; i < tilesRead; i += 1) {
      const share = (i + 0.5) / tilesRead;
      const path = byteRoutes.sceneTile(scene.id, z, Math.floor(columns * share), Math.floor(rows * share), [
        band.index,
      ]);
      const tile = new Float32Array(await fetchBytes(this.#client.bytesUrl(path)));
      for (let p = 0; p < tile.length; p += 2) if (tile[p + 1]) values.push(toScale(tile[p] ?? 0, scale));
    }
    this.#known = { ...this.#known, [key]: count(values) };
  }
}

function keyOf(scene: Scene, band: BandSummary, scale: ValueScale): string {
  return `${scene.id}/${band.index}/${scale}`;
}

/** Not when the values crowd into a few bins, and not on a scale that the bins were not made for. */
function tellsEnough(counts: readonly number[], scale: ValueScale): boolean {
  const total = counts.reduce((a, b) => a + b, 0);
  const top = [...counts].sort((a, b) => b - a).slice(0, 4);
  return scale === 'linear' && top.reduce((a, b) => a + b, 0) < 0.7 * total;
}

function empty(band: BandSummary, scale: ValueScale): Histogram {
  const domain = [toScale(band.p2, scale) - 1, toScale(band.p98, scale) + 1] as const;
  return { domain, counts: Array.from({ length: bins }, () => 0) };
}

/** From the 0.1th to the 99.9th percentile with a tenth of room on both sides: single outliers do not squeeze the rest. */
export function count(values: readonly number[]): Histogram {
  const sorted = Float64Array.from(values).sort();
  const low = sorted[Math.floor(sorted.length * 0.001)] ?? 0;
  const high = sorted[Math.floor(sorted.length * 0.999)] ?? 1;
  const room = (high - low || 1) * 0.1;
  const domain = [low - room, high + room] as const;
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of sorted) {
    const bin = Math.floor(((value - domain[0]) / (domain[1] - domain[0])) * bins);
    if (bin >= 0 && bin < bins) counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { domain, counts };
}
