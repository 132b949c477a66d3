import type { ViewsPreview } from '../../../electron/contract/viewsPreview.ts';
import { type Range, toScale, type ValueScale } from '../../state/stretch.ts';

/**
 * The squares of a preview as RGBA [side² · 4]: the tile itself first, then its views. All with the ranges of the scene,
 * so that a brighter view is seen to be brighter.
 */
export function viewImages(
  { side, views, bands }: Pick<ViewsPreview, 'side' | 'views' | 'bands'>,
  pixels: Float32Array,
  ranges: readonly [Range, Range, Range],
  scale: ValueScale,
): Uint8ClampedArray<ArrayBuffer>[] {
  const stride = bands.length + 1;
  const length = side * side;
  // One or two bands are shown in grey.
  const columns = bands.length >= 3 ? [0, 1, 2] : [0, 0, 0];
  return Array.from({ length: views + 1 }, (_, square) => {
    const rgba = new Uint8ClampedArray(length * 4);
    for (let p = 0; p < length; p++) {
      const from = (square * length + p) * stride;
      columns.forEach((column, channel) => {
        const [low, high] = ranges[channel] ?? [0, 1];
        rgba[p * 4 + channel] = (255 * (toScale(pixels[from + column] ?? 0, scale) - low)) / (high - low);
      });
      rgba[p * 4 + 3] = (pixels[from + bands.length] ?? 0) > 0 ? 255 : 0;
    }
    return rgba;
  });
}
