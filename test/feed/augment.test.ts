import { describe, expect, test } from 'vitest';
import { type Prng, prngFrom } from '../../electron/base/prng.ts';
import {
  type Augmentation,
  augmentationIds,
  chooseAugmentations,
} from '../../electron/contract/catalog/augmentations.ts';
import type { BandTransform, Normalisation } from '../../electron/contract/encoder.ts';
import { createAugmenter } from '../../electron/feed/augment/augmenter.ts';
import { bandDropout } from '../../electron/feed/augment/bandDropout.ts';
import { bandGain } from '../../electron/feed/augment/bandGain.ts';
import { bandGroupDropout } from '../../electron/feed/augment/bandGroupDropout.ts';
import { blur } from '../../electron/feed/augment/blur.ts';
import { crop } from '../../electron/feed/augment/crop.ts';
import { flip } from '../../electron/feed/augment/flip.ts';
import { gain } from '../../electron/feed/augment/gain.ts';
import { compose, identity, sampleView } from '../../electron/feed/augment/geometry.ts';
import { grey } from '../../electron/feed/augment/grey.ts';
import { noise, noiseTable } from '../../electron/feed/augment/noise.ts';
import { offset } from '../../electron/feed/augment/offset.ts';
import { quarterTurn } from '../../electron/feed/augment/quarterTurn.ts';
import { shift } from '../../electron/feed/augment/shift.ts';
import { solarize } from '../../electron/feed/augment/solarize.ts';
import { speckle } from '../../electron/feed/augment/speckle.ts';
import type { View } from '../../electron/feed/augment/view.ts';
import { applyNormalisation } from '../../electron/feed/normalise.ts';
import { expectClose } from '../support/expectClose.ts';

const bands = 3;
const recordOf = (transforms: readonly BandTransform[]): Normalisation => ({
  version: 1,
  sensor: null,
  robust: false,
  samples: 1,
  bands: transforms.map((transform, i) => ({
    name: null,
    wavelengthNm: null,
    transform,
    mean: 0.3 + i,
    std: 0.5 + 0.25 * i,
  })),
});
const optical = recordOf([{ kind: 'linear' }, { kind: 'linear' }, { kind: 'linear' }]);
const mixed = recordOf([{ kind: 'linear' }, { kind: 'log', floor: 1e-9 }, { kind: 'asinh', scale: 0.2 }]);

/** Values that tell their place: 100·row + col + band/10. */
function patchOf(side: number, of = (row: number, col: number, band: number) => 100 * row + col + band / 10) {
  const pixels = Float32Array.from({ length: side * side * bands }, (_, i) => {
    const pixel = Math.floor(i / bands);
    return of(Math.floor(pixel / side), pixel % side, i % bands);
  });
  return { pixels, side };
}
const viewOf = (side: number, pixels: Float32Array = new Float32Array(side * side * bands)): View => ({
  pixels,
  start: 0,
  side,
  bands,
});
const at = (view: View, row: number, col: number, band = 0) =>
  view.pixels[view.start + (row * view.side + col) * view.bands + band] as number;
const physical = (side: number) => {
  const prng = prngFrom('physical');
  return Array.from(
    { length: bands },
    (): Float32Array<ArrayBuffer> => Float32Array.from({ length: side * side }, () => 0.05 + prng.uniform()),
  );
};
const normalised = (record: Normalisation, values: readonly Float32Array[], side: number) =>
  applyNormalisation(record, {
    width: side,
    height: side,
    bands: values,
    valid: new Uint8Array(side * side).fill(1),
  });
/** A generator that gives these uniform numbers in turn. */
const scripted = (...uniforms: number[]): Prng => ({
  ...prngFrom(0),
  uniform: () => uniforms.shift() ?? 0.5,
  integer: (n) => Math.floor((uniforms.shift() ?? 0) * n),
});

describe('geometry', () => {
  test('four quarter turns are all different, keep every pixel, and match a turn by hand', () => {
    const patch = patchOf(4);
    const seen = [0, 0.25, 0.5, 0.75].map((u) => {
      const g = identity();
      quarterTurn(g, scripted(u));
      const view = viewOf(4);
      sampleView(patch, g, view);
      expect([...view.pixels].sort()).toEqual([...patch.pixels].sort());
      return view;
    });
    expect(new Set(seen.map((view) => view.pixels.join())).size).toBe(4);
    const turned = seen[1] as View;
    for (let row = 0; row < 4; row++) {
      for (let col = 0; col < 4; col++) expect(at(turned, row, col)).toBe(100 * col + (3 - row));
    }
  });

  test('flips mirror the axis that was drawn', () => {
    const g = identity();
    flip(g, scripted(0.1, 0.9), 0.5);
    const view = viewOf(4);
    sampleView(patchOf(4), g, view);
    expect([at(view, 0, 0), at(view, 0, 3), at(view, 2, 1, 2)]).toEqual([3, 0, Math.fround(202.2)]);
  });

  test('shifts reach every corner of the margin and nothing beyond, and stay exact under a turn', () => {
    const patch = patchOf(6);
    const corners = new Set<number>();
    for (let i = 0; i < 300; i++) {
      const g = identity();
      const prng = prngFrom('shift', i);
      shift(g, prng, 2);
      const view = viewOf(4);
      sampleView(patch, g, view);
      corners.add(at(view, 0, 0));
      expect(at(view, 3, 3) - at(view, 0, 0)).toBe(303);
      quarterTurn(g, prng);
      sampleView(patch, g, view);
      for (const value of view.pixels) expect(patch.pixels.includes(value)).toBe(true);
    }
    expect([...corners].sort((a, b) => a - b)).toEqual([0, 1, 2, 100, 101, 102, 200, 201, 202]);
  });

  test('bilinear sampling reproduces a plane exactly, at any angle and scale', () => {
    const plane = (row: number, col: number, band: number) => 0.7 * row - 0.3 * col + band;
    const patch = patchOf(13, plane);
    const g = identity();
    compose(g, 0.8 * Math.cos(0.4), -0.8 * Math.sin(0.4), 0.8 * Math.sin(0.4), 0.8 * Math.cos(0.4));
    g.x += 0.37;
    const view = viewOf(8);
    sampleView(patch, g, view);
    for (const [row, col] of [
      [0, 0],
      [3, 5],
      [7, 2],
    ] as const) {
      const [u, v] = [col - 3.5, row - 3.5];
      const x = 6 + 0.37 + 0.8 * (Math.cos(0.4) * u - Math.sin(0.4) * v);
      const y = 6 + 0.8 * (Math.sin(0.4) * u + Math.cos(0.4) * v);
      expectClose([at(view, row, col, 1)], [plane(y, x, 1)], { rel: 1e-5, abs: 1e-5 });
    }
  });

  test('a resized crop stays inside the tile, with the area and aspect that it states', () => {
    for (let i = 0; i < 500; i++) {
      const g = identity();
      crop(g, prngFrom('crop', i), 16, 0.5);
      expect(Math.abs(g.x) + 8 * g.xx).toBeLessThanOrEqual(8 + 1e-9);
      expect(Math.abs(g.y) + 8 * g.yy).toBeLessThanOrEqual(8 + 1e-9);
      expect(g.xx / g.yy).toBeGreaterThan(0.74);
      expect(g.xx / g.yy).toBeLessThan(1.34);
      expect(g.xx * g.yy).toBeGreaterThan(0.49);
    }
  });

  test('blur keeps a constant and the sum of a spot, and spreads it evenly', () => {
    const flat = viewOf(9, new Float32Array(9 * 9 * bands).fill(2.5));
    blur(flat, scripted(1), 1);
    expectClose(flat.pixels, new Float32Array(9 * 9 * bands).fill(2.5));
    const spot = viewOf(15);
    spot.pixels[(7 * 15 + 7) * bands + 1] = 1;
    blur(spot, scripted(1), 1);
    const band = Array.from({ length: 225 }, (_, i) => spot.pixels[i * bands + 1] as number);
    expectClose([band.reduce((a, b) => a + b, 0)], [1]);
    // A Gaussian of σ 1: the neighbour has e^(−1/2) of the centre.
    expectClose(
      [at(spot, 7, 8, 1) / at(spot, 7, 7, 1), at(spot, 6, 6, 1) / at(spot, 7, 7, 1)],
      [Math.exp(-0.5), Math.exp(-1)],
    );
    expect(at(spot, 7, 8, 0)).toBe(0);
  });
});

describe('physical units', () => {
  test('a gain on a normalised view is the gain on the stored values, for every transform', () => {
    const values = physical(5);
    const view = viewOf(5, normalised(mixed, values, 5));
    gain(view, scripted(0.9), 0.25, mixed);
    const factor = 1 + 0.25 * (2 * 0.9 - 1);
    const expected = normalised(
      mixed,
      values.map((band) => band.map((v) => v * factor)),
      5,
    );
    expectClose(view.pixels, expected, { rel: 1e-5, abs: 1e-5 });
  });

  test('a spectral shift scales each band by its own factor', () => {
    const values = physical(5);
    const view = viewOf(5, normalised(optical, values, 5));
    const draws = [0.1, 0.7, 1];
    bandGain(view, scripted(...draws), 0.1, optical);
    const expected = normalised(
      optical,
      values.map((band, b) => band.map((v) => v * (1 + 0.1 * (2 * (draws[b] ?? 0) - 1)))),
      5,
    );
    expectClose(view.pixels, expected, { rel: 1e-5, abs: 1e-5 });
  });

  test('speckle has mean 1 and variance 1 / looks, is common to the bands, and spares correlations', () => {
    const record = recordOf([
      { kind: 'log', floor: 1e-9 },
      { kind: 'log', floor: 1e-9 },
      { kind: 'cross', powers: [0, 1], floor: 1e-18 },
    ]);
    const side = 150;
    const view = viewOf(side);
    speckle(view, prngFrom('speckle'), 5, record);
    const factors = Array.from({ length: side * side }, (_, i) =>
      Math.exp((view.pixels[i * bands] as number) * 0.5),
    );
    const mean = factors.reduce((a, b) => a + b, 0) / factors.length;
    const variance = factors.reduce((a, b) => a + (b - mean) ** 2, 0) / factors.length;
    expectClose([mean, variance], [1, 0.2], { rel: 0.03 });
    expectClose([Math.exp((view.pixels[1] as number) * 0.75)], [factors[0] as number], { rel: 1e-5 });
    expect(view.pixels[2]).toBe(0);
  });
});

describe('normalised units', () => {
  test('offset moves whole bands, noise every value, by the stated amounts', () => {
    const moved = viewOf(4);
    offset(moved, prngFrom('o'), 0.1);
    expect(new Set(moved.pixels).size).toBe(bands);
    const noisy = viewOf(100);
    noise(noisy, prngFrom('n'), 0.1, noiseTable(1));
    const n = noisy.pixels.length;
    const mean = noisy.pixels.reduce((a, b) => a + b, 0) / n;
    const std = Math.sqrt(noisy.pixels.reduce((a, b) => a + (b - mean) ** 2, 0) / n);
    expect(Math.abs(mean)).toBeLessThan(0.003);
    expectClose([std], [0.1], { rel: 0.02 });
    // Neighbours in the table are independent.
    const lag = noisy.pixels.reduce((sum, v, i) => sum + v * (noisy.pixels[i + 1] ?? 0), 0) / n;
    expect(Math.abs(lag)).toBeLessThan(0.0005);
  });

  test('dropout clears as many bands as asked, never the last', () => {
    const cleared = (view: View) =>
      Array.from({ length: bands }, (_, b) => b).filter((b) =>
        view.pixels.every((v, i) => i % bands !== b || v === 0),
      );
    const full = () => viewOf(4, new Float32Array(4 * 4 * bands).fill(1));
    const seen = new Set<number>();
    for (let i = 0; i < 50; i++) {
      const one = full();
      bandDropout(one, prngFrom('d', i), 1);
      expect(cleared(one).length).toBe(1);
      seen.add(cleared(one)[0] ?? -1);
    }
    expect(seen.size).toBe(bands);
    const many = full();
    bandDropout(many, prngFrom('d'), 99);
    expect(cleared(many).length).toBe(bands - 1);
    const group = full();
    bandGroupDropout(group, prngFrom('g'), 0.6);
    const run = cleared(group);
    expect(run.length).toBe(2);
    expect((run[1] ?? 0) - (run[0] ?? 0)).toBe(1);
  });

  test('grey is the mean of the bands, solarize mirrors about its threshold', () => {
    const view = viewOf(1, new Float32Array([1, 2, 6]));
    grey(view);
    expect([...view.pixels]).toEqual([3, 3, 3]);
    const bright = viewOf(1, new Float32Array([-4, 0.5, 2.5]));
    solarize(bright, 1);
    expect([...bright.pixels]).toEqual([-4, 0.5, -0.5]);
  });
});

describe('the chain', () => {
  const everything = (kind: 'optical' | 'radar'): Augmentation[] =>
    chooseAugmentations(
      kind,
      Object.fromEntries(
        augmentationIds
          .filter((id) => (kind === 'radar' ? !/ain$|solarize|Group|grey/.test(id) : id !== 'speckle'))
          .map((id) => [id, true]),
      ),
    );

  test.each(['optical', 'radar'] as const)('%s: one seed, one view; another seed, another', (kind) => {
    const augmenter = createAugmenter(everything(kind), { tile: 8, record: optical, seed: 4 });
    const patch = patchOf(augmenter.patch, (row, col, band) => Math.sin(row + 2 * col + band));
    const draw = (...seed: number[]) => {
      const view = viewOf(8);
      augmenter.fill(view, patch, prngFrom(...seed));
      return view.pixels;
    };
    expect(draw(7)).toEqual(draw(7));
    const views = Array.from({ length: 20 }, (_, i) => draw(i).join());
    expect(new Set(views).size).toBe(20);
    expect(draw(3).every(Number.isFinite)).toBe(true);
  });

  test('writes its own part of the buffer only', () => {
    const augmenter = createAugmenter(chooseAugmentations('radar', {}), {
      tile: 8,
      record: optical,
      seed: 4,
    });
    const buffer = new Float32Array(3 * 64 * bands).fill(77);
    const view = { pixels: buffer, start: 64 * bands, side: 8, bands };
    augmenter.fill(view, patchOf(augmenter.patch), prngFrom(1));
    expect(buffer.subarray(0, 64 * bands).every((v) => v === 77)).toBe(true);
    expect(buffer.subarray(2 * 64 * bands).every((v) => v === 77)).toBe(true);
    expect(buffer.subarray(64 * bands, 128 * bands).includes(77)).toBe(false);
  });

  test('without augmentation the view is the patch, and probabilities are kept', () => {
    const none = createAugmenter([], { tile: 8, record: optical, seed: 4 });
    expect(none.patch).toBe(8);
    const view = viewOf(8);
    const patch = patchOf(8);
    none.fill(view, patch, prngFrom(1));
    expect(view.pixels).toEqual(patch.pixels);
    const sometimes = createAugmenter([{ id: 'offset', values: { probability: 0.25, sigma: 1 } }], {
      tile: 8,
      record: optical,
      seed: 4,
    });
    let touched = 0;
    for (let i = 0; i < 2000; i++) {
      sometimes.fill(view, patch, prngFrom('p', i));
      if (view.pixels[0] !== patch.pixels[0]) touched++;
    }
    expect(Math.abs(touched / 2000 - 0.25)).toBeLessThan(0.03);
  });
});
