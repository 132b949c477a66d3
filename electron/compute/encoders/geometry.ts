import { type Conv, type Layer, place, strided } from './layer.ts';

export interface Geometry {
  /** Side of the square of input pixels that one feature depends on. */
  readonly receptiveField: number;
  /** Pixels needed around a block so that its features do not depend on where the block was cut. */
  readonly halo: number;
  /** Input pixels from one feature to the next in a tile; a dense map has one feature per pixel. */
  readonly stride: number;
}

const spatial = (layers: readonly Layer[]): readonly Conv[] =>
  layers.flatMap((layer) => {
    if (layer.kind === 'conv') return [layer];
    // A skip reads no farther than its branch: both have the same stride, and its kernel is 1.
    return layer.kind === 'residual' ? layer.main : [];
  });

/** Receptive field arithmetic: each kernel adds (k − 1) times the stride so far (Araujo et al., Distill 2019). */
export function geometryOf(layers: readonly Layer[]): Geometry {
  let receptiveField = 1;
  let stride = 1;
  for (const conv of spatial(layers)) {
    receptiveField += (conv.kernel - 1) * stride;
    stride *= conv.stride;
  }
  return { receptiveField, halo: (receptiveField - 1) / 2, stride };
}

/** Radius of a residual branch in pixels of its input, where the input already dilates by `dilation`. */
export function radiusOf(convs: readonly Conv[], dilation: number): number {
  return geometryOf(convs).halo * dilation;
}

/**
 * Floating point operations of one forward pass over [height, width, bands], two per multiply-add, convolutions only.
 * `dense`: as a map, one feature per pixel (halo not counted).
 */
export function flopsOf(
  layers: readonly Layer[],
  bands: number,
  height: number,
  width: number,
  dense: boolean,
): number {
  let sum = 0;
  for (const { conv, in: from, stride, wavelengths } of place(layers, bands).placed) {
    const step = dense ? 1 : stride;
    const taps = wavelengths > 0 ? conv.kernel * wavelengths : conv.kernel ** 2;
    sum += 2 * taps * from * conv.out * strided(height, step) * strided(width, step);
  }
  return sum;
}
