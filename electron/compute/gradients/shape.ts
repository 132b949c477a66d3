/** Gradients of kernels that move, cut and join elements. */

import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Gradient, kernel } from './gradient.ts';

const reshapeBack = (name: string, input: string): Gradient => ({
  kernel: name,
  inputs: [input],
  of: (dy, [x]) => ({ [input]: () => tf.reshape(dy, (x as Tensor).shape) }),
});

export const shapeGradients: readonly Gradient[] = [
  reshapeBack('Reshape', 'x'),
  reshapeBack('ExpandDims', 'input'),
  {
    kernel: 'Transpose',
    of: (dy, _, { perm }) => ({ x: () => tf.transpose(dy, inverse(perm as number[])) }),
  },
  { kernel: 'Reverse', of: (dy, _, { dims }) => ({ x: () => tf.reverse(dy, dims as number | number[]) }) },
  {
    kernel: 'Tile',
    inputs: ['x'],
    of: (dy, [x], { reps }) => ({
      // [r0·s0, r1·s1 …] → [r0, s0, r1, s1 …], summed over every r.
      x: () => {
        const { shape } = x as Tensor;
        const repeats = reps as number[];
        const split = shape.flatMap((size, i) => [repeats[i] as number, size]);
        const axes = shape.map((_, i) => 2 * i).filter((_, i) => repeats[i] !== 1);
        return tf.reshape(axes.length > 0 ? tf.sum(tf.reshape(dy, split), axes) : dy, shape);
      },
    }),
  },
  {
    kernel: 'Concat',
    inputs: 'all',
    of: (dy, saved, { axis }) => {
      const along = tf.util.parseAxisParam(axis as number, (saved[0] as Tensor).shape)[0] as number;
      let start = 0;
      return Object.fromEntries(
        saved.map((x, i) => {
          const begin = x.shape.map((_, d) => (d === along ? start : 0));
          start += x.shape[along] as number;
          return [String(i), () => tf.slice(dy, begin, x.shape)];
        }),
      );
    },
  },
  {
    kernel: 'Pack',
    inputs: 'all',
    of: (dy, saved, { axis }) =>
      Object.fromEntries(saved.map((_, i) => [String(i), () => tf.unstack(dy, axis as number)[i] as Tensor])),
  },
  {
    kernel: 'Slice',
    inputs: ['x'],
    of: (dy, [x], { begin, size }) => ({
      x: () => {
        const { shape } = x as Tensor;
        const starts = shape.map((_, i) => (begin as number[])[i] ?? 0);
        const sizes = shape.map((total, i) => {
          const wanted = (size as number[])[i] ?? -1;
          return wanted < 0 ? total - (starts[i] as number) : wanted;
        });
        const paddings = shape.map((total, i): [number, number] => {
          const before = starts[i] as number;
          return [before, total - before - (sizes[i] as number)];
        });
        return tf.pad(dy, paddings);
      },
    }),
  },
  {
    kernel: 'PadV2',
    inputs: ['x'],
    of: (dy, [x], { paddings }) => ({
      x: () =>
        tf.slice(
          dy,
          (paddings as [number, number][]).map(([before]) => before),
          (x as Tensor).shape,
        ),
    }),
  },
  {
    kernel: 'GatherV2',
    inputs: ['x', 'indices'],
    of: (dy, saved, { axis, batchDims }) => {
      const [x, indices] = saved as [Tensor, Tensor];
      return {
        indices: () => tf.zeros(indices.shape),
        x: () => {
          tf.util.assert((batchDims as number) === 0, () => 'The gradient of gather has no batch dimensions');
          const along = tf.util.parseAxisParam(axis as number, x.shape)[0] as number;
          // Rows that were taken from axis `along` come first, are summed by index, and go back to their place.
          const outer = x.shape.slice(0, along);
          const inner = x.shape.slice(along + 1);
          const rows = tf.reshape(dy, [...outer, indices.size, ...inner]);
          const perm = [along, ...outer.keys(), ...inner.map((_, i) => along + 1 + i)];
          const summed = kernel(
            'UnsortedSegmentSum',
            { x: tf.transpose(rows, perm), segmentIds: tf.reshape(indices, [indices.size]) },
            { numSegments: x.shape[along] },
          );
          return tf.transpose(summed, inverse(perm));
        },
      };
    },
  },
  // SplitV and Unpack have several outputs: their gradients arrive as a list.
  {
    kernel: 'SplitV',
    of: (dy, _, { axis }) => ({ x: () => tf.concat(dy as unknown as Tensor[], axis as number) }),
  },
  {
    kernel: 'Unpack',
    of: (dy, _, { axis }) => ({ value: () => tf.stack(dy as unknown as Tensor[], axis as number) }),
  },
  {
    kernel: 'OneHot',
    inputs: ['indices'],
    of: (_, [x]) => ({ indices: () => tf.zeros((x as Tensor).shape) }),
  },
];

function inverse(perm: readonly number[]): number[] {
  const result = new Array<number>(perm.length);
  perm.forEach((from, to) => {
    result[from] = to;
  });
  return result;
}
