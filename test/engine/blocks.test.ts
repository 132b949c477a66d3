/** The passes for onnxruntime's blocked operators: the same numbers as standard operators give, and fewer steps. */
import { describe, expect, it } from 'vitest';
import { must } from '../../electron/base/assert.ts';
import { elementwise, one, reshape, transpose } from '../../electron/engine/graph/emit.ts';
import { type Emitter, type Graph, sizeOf, type Value } from '../../electron/engine/graph/graph.ts';
import { carryBlocks } from '../../electron/engine/passes/blocks/carryBlocks.ts';
import { fitsBlocks } from '../../electron/engine/passes/blocks/filterGradient.ts';
import { turnInnermost } from '../../electron/engine/passes/blocks/turnInnermost.ts';
import { deadNodes } from '../../electron/engine/passes/deadNodes.ts';
import { lowerFilterGradients } from '../../electron/engine/passes/lowerFilterGradients.ts';
import { optimize } from '../../electron/engine/passes/optimize.ts';
import { channelBlock } from '../../electron/engine/run/channelBlock.ts';
import { traceStep } from '../../electron/engine/trace/trace.ts';
import { draw, of, ops, same } from './drawnGraph.ts';
import { wideStep } from './smallStep.ts';

const block = await channelBlock();
if (block === 0) console.warn('skipped: this onnxruntime has no blocked convolution');
const blocked = (graph: Graph) => deadNodes(carryBlocks(graph, block));
const inBlocks = (graph: Graph) => graph.nodes.filter((n) => n.domain === 'com.microsoft.nchwc').length;

/** A square convolution with `padding` on each side, or [before, after]. */
function conv(emit: Emitter, x: Value, w: Value, stride = 1): Value {
  const [o, , k] = w.shape as [number, number, number];
  const [n, , h, width] = x.shape as [number, number, number, number];
  const pad = (k - 1) / 2;
  const size = (length: number) => Math.floor((length + 2 * pad - k) / stride) + 1;
  return one(emit, 'Conv', [x, w], [n, o, size(h), size(width)], {
    kernel_shape: [k, k],
    pads: [pad, pad, pad, pad],
    strides: [stride, stride],
    dilations: [1, 1],
    group: 1,
  });
}

describe.skipIf(block === 0)('carryBlocks', () => {
  const [n, c] = [3, 2 * Math.max(block, 1)];

  it('keeps a residual block with batch statistics in blocks, and its sums and scalings are one pass each', async () => {
    const graph = draw({ x: [n, c, 6, 5], w: [c, c, 3, 3], v: [c, c, 3, 3], beta: [c] }, (emit, v) => {
      const sum = (t: Value) => one(emit, 'ReduceSum', [t], [c], { axes: [0, 2, 3], keepdims: 0 });
      const perChannel = (t: Value) => reshape(emit, t, [1, c, 1, 1]);
      const normal = (t: Value) => {
        const spread = perChannel(sum(elementwise(emit, 'Mul', [t, t])));
        const scaled = elementwise(emit, 'Mul', [t, elementwise(emit, 'Reciprocal', [spread])]);
        return elementwise(emit, 'Add', [
          scaled,
          perChannel(elementwise(emit, 'Add', [sum(t), of(v, 'beta')])),
        ]);
      };
      const first = elementwise(emit, 'Relu', [normal(conv(emit, of(v, 'x'), of(v, 'w')))]);
      const both = elementwise(emit, 'Add', [normal(conv(emit, first, of(v, 'v'))), first]);
      const y = elementwise(emit, 'Relu', [both]);
      const masked = elementwise(emit, 'Mul', [elementwise(emit, 'Sign', [y]), first]);
      const axes = { axes: [2, 3], keepdims: 0 };
      return {
        mean: one(emit, 'ReduceMean', [y], [n, c], axes),
        masked: sum(masked),
        last: conv(emit, y, of(v, 'v'), 2),
      };
    });
    // Sums of 90 terms, of up to 30 each.
    const after = await same(graph, blocked, { abs: 1e-3 });
    const count = (op: string) => ops(after).filter((o) => o === op).length;
    // In: x. Out: the one result that is a map. Four convolutions of one pixel: two to normalise, the mask, and the sums.
    expect([count('ReorderInput'), count('ReorderOutput')]).toEqual([1, 1]);
    expect([count('Relu'), count('Sign')]).toEqual([0, 0]);
    expect(count('GlobalAveragePool')).toBe(3);
    expect(after.nodes.filter((node) => 'activation' in node.attributes)).toHaveLength(3);
  });

  it('takes numbers per image, single numbers, and several users of one sum', async () => {
    const shapes = { x: [n, c, 4, 4], w: [c, c, 1, 1], each: [n, c, 1, 1], some: [c, 1, 1] };
    const graph = draw(shapes, (emit, v) => {
      const a = conv(emit, of(v, 'x'), of(v, 'w'));
      const scaled = elementwise(emit, 'Mul', [of(v, 'each'), a]);
      const both = elementwise(emit, 'Add', [scaled, elementwise(emit, 'Mul', [a, of(v, 'some')])]);
      const shifted = elementwise(emit, 'Add', [
        elementwise(emit, 'Add', [both, of(v, 'some')]),
        of(v, 'some'),
      ]);
      const half = elementwise(emit, 'Mul', [
        shifted,
        { shape: [], dtype: 'float32', constant: { kind: 'uniform', value: 0.5 } },
      ]);
      const rectified = elementwise(emit, 'Relu', [elementwise(emit, 'Add', [a, half])]);
      return {
        y: elementwise(emit, 'Sub', [half, a]),
        z: conv(emit, rectified, of(v, 'w')),
        // Not in blocks: what no blocked operator can read.
        turned: transpose(emit, elementwise(emit, 'Exp', [half]), [2, 3, 1, 0]),
        wide: elementwise(emit, 'Add', [
          half,
          one(emit, 'ReduceMax', [half], [n, c, 4, 1], { axes: [3], keepdims: 1 }),
        ]),
      };
    });
    expect(inBlocks(await same(graph, blocked))).toBeGreaterThan(6);
  });

  it('fills up a last block that is nearly whole, and leaves other convolutions alone', async () => {
    const nearly = draw({ x: [16, c - 4, 5, 5], w: [c, c - 4, 3, 3] }, (emit, v) => ({
      y: conv(emit, of(v, 'x'), of(v, 'w')),
    }));
    expect(inBlocks(await same(nearly, blocked))).toBe(3);
    const odd = draw({ x: [n, c, 5, 5], w: [c + 1, c, 3, 3] }, (emit, v) => ({
      y: conv(emit, of(v, 'x'), of(v, 'w')),
    }));
    expect(inBlocks(await same(odd, blocked))).toBe(0);
  });
});

describe.skipIf(block === 0)('weights', () => {
  const c = 2 * Math.max(block, 1);
  it('larger than the map are gone through once for all images', async () => {
    for (const [k, dilation] of [
      [3, 1],
      [1, 1],
      [3, 2],
    ] as const) {
      const graph = draw({ x: [5, c, 3, 4], w: [c, c, k, k] }, (emit, v) => {
        const y = conv(emit, of(v, 'x'), of(v, 'w'));
        const pads = [2, 1, 2, 3];
        const attributes = {
          kernel_shape: [k, k],
          pads,
          strides: [1, 1],
          dilations: [dilation, dilation],
          group: 1,
        };
        const reach = (k - 1) * dilation;
        return { z: one(emit, 'Conv', [y, of(v, 'w')], [5, c, 7 - reach, 8 - reach], attributes) };
      });
      const after = await same(graph, blocked, { abs: 1e-4 });
      const across = after.nodes.filter((n) => n.op === 'Conv' && n.inputs[0]?.shape[0] === 1);
      expect(across).toHaveLength(k === 1 ? 0 : 2);
    }
  });

  it('are turned by operators that run on all threads', async () => {
    const graph = draw({ x: [2, block, 3, block] }, (emit, v) => ({
      y: transpose(emit, of(v, 'x'), [0, 2, 3, 1]),
      z: transpose(emit, of(v, 'x'), [2, 1, 0, 3]),
      plain: transpose(emit, of(v, 'x'), [1, 0, 2, 3]),
    }));
    const after = await same(graph, (g) => turnInnermost(g, block));
    expect(inBlocks(after)).toBe(2);
    expect(ops(after).filter((op) => op === 'Transpose')).toHaveLength(3);
  });
});

/** [images, height, width, channels, outputs, filter, stride, padding before, padding after] */
const windows = [
  [16, 6, 5, 16, 32, 3, 1, 1, 1],
  [12, 5, 7, 4, 16, 3, 1, 1, 1],
  [32, 8, 8, 16, 16, 3, 2, 1, 1],
  [32, 8, 7, 6, 16, 3, 2, 0, 1],
  [64, 7, 8, 32, 48, 1, 2, 0, 0],
  [64, 3, 3, 32, 64, 3, 1, 1, 1],
  [16, 9, 9, 16, 16, 5, 1, 0, 0],
  [16, 4, 4, 12, 128, 1, 1, 0, 0],
] as const;

describe.skipIf(block === 0)('the gradient of a filter in blocks', () => {
  const drawn = (window: readonly number[], carried: boolean): Graph => {
    const [n, h, w, c, o, k, s, before, after] = window as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const size = (length: number) => Math.floor((length + before + after - k) / s) + 1;
    return draw({ x: [n, c, h, w], dy: [n, o, size(h), size(w)], eye: [c, c, 1, 1] }, (emit, v) => {
      const x = carried ? conv(emit, of(v, 'x'), of(v, 'eye')) : of(v, 'x');
      const window = {
        kernel_shape: [k, k],
        strides: [s, s],
        pads: [before, before, after, after],
        dilations: [1, 1],
      };
      const [dw] = emit.node('FilterGradient', [x, of(v, 'dy')], window, [{ shape: [k, k, c, o] }], 'swath');
      return { dw: must(dw, 'gradient') };
    });
  };

  it.each(windows)(
    '%i images of %i×%i×%i → %i, filter %i, stride %i, padding %i and %i',
    async (...window) => {
      for (const carried of [false, true]) {
        const graph = drawn(window, carried);
        const node = must(graph.nodes.at(-1), 'gradient');
        expect(fitsBlocks(node, block)).toBe(true);
        // Sums over all pixels of terms of order one.
        const pixels = sizeOf(must(node.inputs[0], 'input').shape) / window[3];
        const tolerance = { from: lowerFilterGradients(graph), abs: 1e-7 * pixels };
        expect(inBlocks(await same(graph, blocked, tolerance))).toBeGreaterThan(3);
      }
    },
  );

  it('is left to standard operators where it does not fit', () => {
    const refused = [
      [16, 6, 6, 16, 16 + 1, 3, 1, 1, 1],
      [3, 6, 6, 16, 16, 3, 1, 1, 1],
      [16, 9, 9, 16, 16, 3, 4, 0, 0],
    ];
    for (const window of refused) {
      const graph = drawn(window, false);
      expect(fitsBlocks(must(graph.nodes.at(-1), 'gradient'), block)).toBe(false);
      const lowered = lowerFilterGradients(graph, (node) => fitsBlocks(node, block));
      expect(lowered.nodes.filter((node) => node.domain === 'swath')).toEqual([]);
    }
  });
});

describe('optimize', () => {
  const graph = traceStep(wideStep);
  it.skipIf(block === 0)('brings a training step into blocks on this processor', () => {
    const after = optimize(graph, { channelBlock: block });
    expect(inBlocks(after)).toBeGreaterThan(30);
    expect(ops(after)).not.toContain('Concat');
  });
  it('keeps to standard operators elsewhere, and never leaves one of our own', () => {
    for (const target of [{}, { portable: true, channelBlock: 16 }]) {
      const domains = new Set(optimize(graph, target).nodes.map((node) => node.domain));
      expect([...domains].filter((d) => d !== '' && (d !== 'com.microsoft' || 'portable' in target))).toEqual(
        [],
      );
    }
  });
});
