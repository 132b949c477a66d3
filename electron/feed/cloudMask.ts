import { AppError } from '../base/errors.ts';
import { type MaskId, maskCards } from '../contract/catalog/masks.ts';
import type { RasterReader, WindowPixels } from '../raster/types.ts';
import { inFile, placeFile, readNearest } from './placement.ts';

/**
 * A scene whose pixels are not valid where a mask of the same area, on its own or a coarser grid, says that clouds hide
 * the ground. Only the first band of the mask counts. Errors: mismatch when the mask covers another area.
 */
export function hideClouds(scene: RasterReader, mask: RasterReader, kind: MaskId): RasterReader {
  const { hidden } = maskCards[kind];
  const place = placeFile(mask.info, scene.info);
  if (!place) {
    throw new AppError(
      'mismatch',
      `The mask ${mask.info.path} does not cover the area of ${scene.info.path}`,
      {
        subject: mask.info.path,
        remedy: 'Choose the mask of this scene, or cut it to the same area.',
      },
    );
  }
  const placed = { reader: mask, ...place };
  const hide = (pixels: WindowPixels, { bands: [codes] }: WindowPixels): WindowPixels => ({
    ...pixels,
    valid: pixels.valid.map((valid, i) => (valid && !hidden(codes?.[i] ?? 0) ? 1 : 0)),
  });
  return {
    info: scene.info,
    async readWindow(window, bands) {
      const pixels = await scene.readWindow(window, bands);
      return hide(pixels, await readNearest(placed, window, [1]));
    },
    async readResampled(window, width, height, bands, method) {
      const pixels = await scene.readResampled(window, width, height, bands, method);
      return hide(pixels, await mask.readResampled(inFile(placed, window), width, height, [1], 'nearest'));
    },
    async dispose() {
      await scene.dispose();
      await mask.dispose();
    },
  };
}
