import { reviveError } from '../../electron/base/errors.ts';
import { byteRoutes, tileSize } from '../../electron/contract/bytes.ts';
import { type BytesUrl, fetchBytes } from '../state/fetchBytes.ts';
import { indexValue, type SceneIndex } from '../state/sceneIndex.ts';
import { toScale, type ValueScale } from '../state/stretch.ts';

export interface Channels {
  readonly scene: string;
  readonly bands: readonly [number, number, number];
  readonly scale: ValueScale;
}

/**
 * A tile as red, green, blue, alpha in Float32 [256 × 256 × 4], values on the scale asked for. Each band travels once
 * even when it is shown in several channels.
 */
export async function fetchChannels(
  url: BytesUrl,
  { scene, bands, scale }: Channels,
  [z, x, y]: readonly [number, number, number],
  signal?: AbortSignal,
): Promise<Float32Array<ArrayBuffer>> {
  const distinct = [...new Set(bands)];
  const buffer = await fetchBytes(url(byteRoutes.sceneTile(scene, z, x, y, distinct)), signal);
  return arrange(new Float32Array(buffer), distinct, bands, scale);
}

/** From the bands that travelled (then alpha) to the three that are shown (then alpha). */
export function arrange(
  values: Float32Array<ArrayBuffer>,
  distinct: readonly number[],
  bands: readonly [number, number, number],
  scale: ValueScale,
): Float32Array<ArrayBuffer> {
  const width = distinct.length + 1;
  const pixels = values.length / width;
  if (pixels !== tileSize * tileSize) {
    const message = `A tile of ${values.length} values where ${tileSize * tileSize * width} were expected`;
    throw reviveError({ code: 'internal', message });
  }
  const places = bands.map((band) => distinct.indexOf(band));
  if (scale === 'linear' && width === 4) return values;
  const out = new Float32Array(pixels * 4);
  for (let p = 0; p < pixels; p += 1) {
    for (let channel = 0; channel < 3; channel += 1)
      out[p * 4 + channel] = toScale(values[p * width + (places[channel] ?? 0)] ?? 0, scale);
    out[p * 4 + 3] = values[p * width + width - 1] ?? 0;
  }
  return out;
}

/** A tile of an index as value, value, value, alpha [256 × 256 × 4]; see-through where it has no value. */
export async function fetchIndex(
  url: BytesUrl,
  scene: string,
  shown: SceneIndex,
  [z, x, y]: readonly [number, number, number],
  signal?: AbortSignal,
): Promise<Float32Array<ArrayBuffer>> {
  const bands = shown.bands.map((band) => band.index);
  const values = new Float32Array(await fetchBytes(url(byteRoutes.sceneTile(scene, z, x, y, bands)), signal));
  const stride = bands.length + 1;
  const out = new Float32Array((values.length / stride) * 4);
  for (let p = 0; p * stride < values.length; p += 1) {
    const stored = [...values.subarray(p * stride, p * stride + bands.length)];
    const value = indexValue(shown, stored);
    const valid = values[p * stride + bands.length] && Number.isFinite(value);
    if (valid) out.set([value, value, value, 1], p * 4);
  }
  return out;
}
