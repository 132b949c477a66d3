/** Strided networks as maps: every pixel gets exactly the feature that a tile centred on it would give. */
import { describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { runLayers } from '../../electron/compute/encoders/forward.ts';
import { geometryOf } from '../../electron/compute/encoders/geometry.ts';
import type { Conv, Layer } from '../../electron/compute/encoders/layer.ts';
import { foldedShapes } from '../../electron/compute/encoders/weights.ts';
import { normal } from '../../electron/compute/layers/arrays.ts';
import { inferencePass } from '../../electron/compute/layers/pass.ts';
import { expectClose } from '../support/expectClose.ts';
import { tf, toTree } from '../support/tensors.ts';

const conv = (name: string, kernel: number, out: number, stride = 1, relu = true): Conv => ({
  kind: 'conv',
  name,
  kernel,
  stride,
  out,
  norm: true,
  relu,
});
/** ResNet-18's plan with three narrow stages of one block, strides 1, 2, 2. */
const layers: Layer[] = [
  conv('stem', 3, 4),
  ...[1, 2, 2].map(
    (stride, i): Layer => ({
      kind: 'residual',
      name: `stage${i}`,
      main: [conv('a', 3, 4 + i, stride), conv('b', 3, 4 + i, 1, false)],
      skip: stride > 1 ? conv('skip', 1, 4 + i, stride, false) : null,
    }),
  ),
];
const bands = 2;
const { receptiveField, halo, stride } = geometryOf(layers);
const prng = prngFrom('strides');
const weights = toTree(
  Object.fromEntries(
    Object.entries(foldedShapes(layers, bands)).map(([n, shape]) => [n, normal(shape, 0.4, prng)]),
  ),
);
const size = 48;
const image = tf.tensor4d(normal([1, size, size, bands], 1, prng).data, [1, size, size, bands]);
const run = (kind: 'tile' | 'map' | 'patch', x: tf.Tensor4D) =>
  runLayers(inferencePass(weights, '', kind), layers, x);
const map = run('map', image);
const at = (t: tf.Tensor4D, row: number, col: number) =>
  tf.slice(t, [0, row, col, 0], [1, 1, 1, 6]).dataSync();

describe('a strided residual network', () => {
  it('has the receptive field counted by hand', () => {
    // 1 + 2 (stem) + 2·2 (stage 1) + 2 + 2·2 (stage 2) + 2·2 + 2·4 (stage 3).
    expect({ receptiveField, halo, stride }).toEqual({ receptiveField: 25, halo: 12, stride: 4 });
    expect(map.shape).toEqual([1, size - 2 * halo, size - 2 * halo, 6]);
  });
  it('gives a tile’s interior features as the map does', () => {
    const tile = run('tile', image);
    expect(tile.shape).toEqual([1, size / stride, size / stride, 6]);
    // Feature (j, k) of the tile is centred on pixel (stride·j, stride·k).
    for (const [j, k] of [
      [3, 3],
      [4, 6],
      [8, 5],
    ] as const) {
      expectClose(at(tile, j, k), at(map, stride * j - halo, stride * k - halo), { rel: 1e-5, abs: 1e-6 });
    }
  });
  it('gives a patch of its receptive field one feature, that of the centre', () => {
    const patch = run('patch', tf.slice(image, [0, 7, 10, 0], [1, receptiveField, receptiveField, bands]));
    expect(patch.shape).toEqual([1, 1, 1, 6]);
    expectClose(at(patch, 0, 0), at(map, 7, 10), { rel: 1e-5, abs: 1e-6 });
  });
  it('depends on nothing outside its receptive field', () => {
    const spike = tf.buffer([1, size, size, bands]);
    spike.set(10, 0, 20, 20, 0);
    const changed = run('map', tf.add(image, spike.toTensor()));
    const difference = (row: number, col: number) =>
      Math.max(...at(tf.abs(tf.sub(changed, map)) as tf.Tensor4D, row - halo, col - halo));
    expect(difference(20 + halo, 20)).toBeGreaterThan(0);
    expect(difference(20, 20 - halo + 4)).toBeGreaterThan(0);
    expect(difference(20 + halo + 1, 20)).toBe(0);
    expect(difference(20, 20 + halo + 1)).toBe(0);
  });
});
