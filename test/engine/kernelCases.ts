/** One row per kernel and form: what is computed, on which shapes. Values are made from the seed of the case's name. */

import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

export interface KernelCase {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly run: (...x: Tensor[]) => Tensor | Tensor[];
  /** Maps the uniform (−1, 1) values to the domain. */
  readonly domain?: (value: number, index: number) => number;
  /** Whether to compare the gradient of a weighted sum of the outputs by every input too. */
  readonly gradient?: boolean;
  readonly rel?: number;
  readonly abs?: number;
}

const positive = (v: number) => Math.abs(v) + 0.1;
/** Distinct and well apart, so that maxima have no ties. */
const apart = (_: number, i: number) => ((i * 7919) % 1009) / 100 - 5;
const t4 = (t: Tensor) => t as Tensor4D;
const t3 = (t: Tensor) => t as Tensor3D;
const t2 = (t: Tensor) => t as Tensor2D;
const t1 = (t: Tensor) => t as Tensor1D;
const t5 = (t: Tensor) => t as Tensor5D;

const unary: [string, (x: Tensor) => Tensor, ((v: number, i: number) => number)?][] = [
  ['abs', tf.abs],
  ['acos', tf.acos, (v) => v * 0.9],
  ['acosh', tf.acosh, (v) => Math.abs(v) + 1.2],
  ['asin', tf.asin, (v) => v * 0.9],
  ['asinh', tf.asinh],
  ['atan', tf.atan],
  ['atanh', tf.atanh, (v) => v * 0.9],
  ['cos', tf.cos],
  ['cosh', tf.cosh],
  ['elu', tf.elu],
  ['erf', tf.erf],
  ['exp', tf.exp],
  ['expm1', tf.expm1],
  ['leakyRelu', (x) => tf.leakyRelu(x, 0.3)],
  ['log', tf.log, positive],
  ['log1p', tf.log1p, positive],
  ['neg', tf.neg],
  ['reciprocal', tf.reciprocal, positive],
  ['relu', tf.relu],
  ['relu6', tf.relu6, (v) => v * 9],
  ['rsqrt', tf.rsqrt, positive],
  ['selu', tf.selu],
  ['sigmoid', tf.sigmoid],
  ['sin', tf.sin],
  ['sinh', tf.sinh],
  ['softplus', tf.softplus],
  ['sqrt', tf.sqrt, positive],
  ['square', tf.square],
  ['tan', tf.tan],
  ['tanh', tf.tanh],
  ['clip', (x) => tf.clipByValue(x, -0.4, 0.3)],
];
const flat: [string, (x: Tensor) => Tensor][] = [
  ['ceil', tf.ceil],
  ['floor', tf.floor],
  ['round', tf.round],
  ['sign', tf.sign],
  ['step', (x) => tf.step(x)],
  ['step 0.2', (x) => tf.step(x, 0.2)],
  ['isNaN', (x) => tf.isNaN(tf.log(x))],
  ['isInf', (x) => tf.isInf(tf.div(1, tf.relu(x)))],
  ['isFinite', (x) => tf.isFinite(tf.div(1, tf.relu(x)))],
  ['zerosLike', (x) => tf.add(tf.zerosLike(x), x)],
  ['onesLike', (x) => tf.mul(tf.onesLike(x), x)],
  ['cast int', (x) => tf.cast(tf.cast(tf.mul(x, 10), 'int32'), 'float32')],
  ['cast bool', (x) => tf.cast(tf.cast(tf.relu(x), 'bool'), 'float32')],
  ['int add', (x) => tf.cast(tf.add(tf.cast(tf.mul(x, 10), 'int32'), tf.scalar(3, 'int32')), 'float32')],
  ['int floorDiv', (x) => tf.floorDiv(tf.cast(tf.mul(x, 100), 'int32'), tf.scalar(7, 'int32'))],
];
const binary: [string, (a: Tensor, b: Tensor) => Tensor, ((v: number, i: number) => number)?][] = [
  ['add', tf.add],
  ['sub', tf.sub],
  ['mul', tf.mul],
  ['div', tf.div, (v) => v + Math.sign(v)],
  ['maximum', tf.maximum],
  ['minimum', tf.minimum],
  ['pow', tf.pow, positive],
  ['squaredDifference', tf.squaredDifference],
  ['atan2', tf.atan2],
];
const comparing: [string, (a: Tensor, b: Tensor) => Tensor][] = [
  ['equal', tf.equal],
  ['notEqual', tf.notEqual],
  ['greater', tf.greater],
  ['greaterEqual', tf.greaterEqual],
  ['less', tf.less],
  ['lessEqual', tf.lessEqual],
  ['logicalAnd', (a, b) => tf.logicalAnd(tf.greater(a, 0), tf.greater(b, 0))],
  ['logicalOr', (a, b) => tf.logicalOr(tf.greater(a, 0), tf.greater(b, 0))],
  ['logicalXor', (a, b) => tf.logicalXor(tf.greater(a, 0), tf.greater(b, 0))],
  ['logicalNot', (a, b) => tf.logicalNot(tf.greater(a, b))],
  ['floorDiv', (a, b) => tf.floorDiv(tf.mul(a, 10), b)],
  ['mod', (a, b) => tf.mod(tf.mul(a, 10), b)],
];
const broadcasts: [readonly number[], readonly number[]][] = [
  [
    [2, 3, 4, 5],
    [2, 3, 4, 5],
  ],
  [[2, 3, 4, 5], [5]],
  [[2, 3, 4, 5], []],
  [
    [2, 1, 4, 1],
    [3, 1, 5],
  ],
  [[7], [4, 1]],
];
const reductions: [string, (x: Tensor, axis?: number | number[], keep?: boolean) => Tensor][] = [
  ['sum', tf.sum],
  ['mean', tf.mean],
  ['max', tf.max],
  ['min', tf.min],
  ['prod', tf.prod],
];
const axes: [readonly number[], number | number[] | undefined, boolean][] = [
  [[2, 3, 4, 5], undefined, false],
  [[2, 3, 4, 5], [0, 1, 2], false],
  [[2, 3, 4, 5], [1, 2], true],
  [[2, 3, 4, 5], -1, true],
  [[2, 3, 4, 5], 3, false],
  [[3, 4], 0, false],
];

/** height, width, in, out, filter, stride, pad, dilation */
type Pad =
  | number
  | 'same'
  | 'valid'
  | [[number, number], [number, number], [number, number], [number, number]];
const convolutions: [number, number, number, number, number, number | [number, number], Pad, number?][] = [
  [6, 5, 3, 4, 3, 1, 'same'],
  [6, 5, 3, 4, 3, 1, 'valid'],
  [7, 6, 2, 3, 3, 2, 'same'],
  [8, 8, 2, 3, 3, 2, 'same'],
  [7, 9, 2, 3, 3, 2, 1],
  [8, 8, 2, 3, 3, 2, 'valid'],
  [6, 6, 5, 2, 1, 1, 'same'],
  [6, 6, 5, 2, 1, 2, 'same'],
  [9, 8, 2, 2, 5, [2, 3], 'same'],
  [6, 6, 2, 3, 4, 1, 'same'],
  [
    6,
    7,
    2,
    3,
    3,
    1,
    [
      [0, 0],
      [1, 0],
      [0, 2],
      [0, 0],
    ],
  ],
  [5, 5, 2, 2, 2, 1, 2],
  [9, 9, 2, 3, 3, 1, 'same', 2],
  [9, 9, 2, 3, 3, 1, 'valid', 3],
];
const convNet = (x: Tensor, w: Tensor, b: Tensor) => tf.relu(tf.add(tf.conv2d(t4(x), t4(w), 1, 'same'), b));

export const kernelCases: readonly KernelCase[] = [
  ...unary.map(
    ([name, run, domain]): KernelCase => ({
      name,
      shapes: [[3, 4]],
      run: (x) => run(x as Tensor),
      ...(domain ? { domain } : {}),
      gradient: true,
    }),
  ),
  ...flat.map(([name, run]): KernelCase => ({ name, shapes: [[3, 5]], run: (x) => run(x as Tensor) })),
  ...binary.flatMap(([name, run, domain]) =>
    broadcasts.map(
      (shapes, i): KernelCase => ({
        name: `${name} broadcast ${i}`,
        shapes,
        run: (a, b) => run(a as Tensor, b as Tensor),
        ...(domain ? { domain } : {}),
        gradient: true,
      }),
    ),
  ),
  ...comparing.flatMap(([name, run]) =>
    broadcasts.slice(0, 2).map(
      (shapes, i): KernelCase => ({
        name: `${name} broadcast ${i}`,
        shapes,
        run: (a, b) => run(a as Tensor, b as Tensor),
        domain: (v) => Math.round(v * 3) / 2 + 0.25,
      }),
    ),
  ),
  ...reductions.flatMap(([name, run]) =>
    axes.map(
      ([shape, axis, keep]): KernelCase => ({
        name: `${name} over ${String(axis)} of ${shape.join('×')}${keep ? ' kept' : ''}`,
        shapes: [shape],
        run: (x) => run(x as Tensor, axis, keep),
        domain: name === 'prod' ? (v, i) => 1 + 0.1 * (i % 7) * Math.sign(v) : apart,
        gradient: true,
      }),
    ),
  ),
  ...convolutions.map(
    ([h, w, i, o, k, stride, pad, dilation = 1]): KernelCase => ({
      name: `conv2d ${h}×${w}×${i}→${o} filter ${k} stride ${stride} pad ${JSON.stringify(pad)} dilation ${dilation}`,
      shapes: [
        [2, h, w, i],
        [k, k, i, o],
      ],
      run: (x, f) => tf.conv2d(t4(x as Tensor), t4(f as Tensor), stride, pad, 'NHWC', dilation),
      gradient: dilation === 1,
      abs: 1e-5,
    }),
  ),
  ...(
    [
      [6, 5, 3, 1, 3, 1, 'same'],
      [7, 6, 2, 3, 3, 2, 'same'],
      [6, 6, 2, 1, 3, 1, 'valid'],
    ] as const
  ).map(
    ([h, w, c, m, k, stride, pad]): KernelCase => ({
      name: `depthwise ${h}×${w}×${c}×${m} filter ${k} stride ${stride} ${pad}`,
      shapes: [
        [2, h, w, c],
        [k, k, c, m],
      ],
      run: (x, f) => tf.depthwiseConv2d(t4(x as Tensor), t4(f as Tensor), stride, pad),
      gradient: true,
    }),
  ),
  ...(
    [
      [16, 32, 3, 1, 1],
      [16, 16, 3, 2, 1],
      [12, 16, 3, 1, 1],
      [32, 16, 1, 1, 1],
      [16, 32, 1, 2, 1],
      [16, 16, 3, 1, 2],
      [64, 64, 3, 1, 1],
      [20, 16, 3, 1, 1],
    ] as const
  ).map(
    ([c, o, k, stride, dilation]): KernelCase => ({
      name: `conv2d in blocks ${c}→${o} filter ${k} stride ${stride} dilation ${dilation}`,
      shapes: [
        [k === 3 && c === 64 ? 8 : 6, 9, 10, c],
        [k, k, c, o],
      ],
      run: (x, f) => tf.conv2d(t4(x as Tensor), t4(f as Tensor), stride, 'same', 'NHWC', dilation),
      gradient: dilation === 1,
      // Sums of up to 576 products in the forward and 720 in the filter's gradient.
      abs: 3e-5,
    }),
  ),
  {
    name: 'depthwise dilated',
    shapes: [
      [1, 9, 9, 2],
      [3, 3, 2, 1],
    ],
    run: (x, f) => tf.depthwiseConv2d(t4(x as Tensor), t4(f as Tensor), 1, 'same', 'NHWC', 2),
  },
  {
    name: 'conv2dTranspose stride 2',
    shapes: [
      [2, 3, 4, 5],
      [3, 3, 2, 5],
    ],
    run: (x, f) => tf.conv2dTranspose(t4(x as Tensor), t4(f as Tensor), [2, 6, 8, 2], 2, 'same'),
    gradient: true,
  },
  {
    name: 'conv1d',
    shapes: [
      [2, 9, 3],
      [3, 3, 4],
    ],
    run: (x, f) => tf.conv1d(t3(x as Tensor), t3(f as Tensor), 2, 'same'),
    gradient: true,
  },
  ...(
    [
      [1, 'same'],
      [2, 'same'],
      [1, 'valid'],
    ] as const
  ).map(
    ([stride, pad]): KernelCase => ({
      name: `conv3d stride ${stride} ${pad}`,
      shapes: [
        [1, 5, 4, 6, 2],
        [3, 3, 3, 2, 3],
      ],
      run: (x, f) => tf.conv3d(t5(x as Tensor), t5(f as Tensor), stride, pad),
      gradient: true,
    }),
  ),
  {
    name: 'separableConv2d',
    shapes: [
      [1, 5, 5, 3],
      [3, 3, 3, 1],
      [1, 1, 3, 4],
    ],
    run: (x, d, p) => tf.separableConv2d(t4(x as Tensor), t4(d as Tensor), t4(p as Tensor), 1, 'same'),
    gradient: true,
  },
  ...(
    [
      [2, 2, 'valid'],
      [3, 2, 'same'],
      [3, 1, 'same'],
      [2, 2, 'same'],
    ] as const
  ).flatMap(([f, s, pad]) => [
    {
      name: `maxPool ${f} stride ${s} ${pad}`,
      shapes: [[2, 7, 6, 3]],
      run: (x: Tensor) => tf.maxPool(t4(x), f, s, pad),
      domain: apart,
      gradient: true,
    },
    {
      name: `avgPool ${f} stride ${s} ${pad}`,
      shapes: [[2, 7, 6, 3]],
      run: (x: Tensor) => tf.avgPool(t4(x), f, s, pad),
      // tfjs's cpu backend divides the gradient by the whole window where the padding was not counted: see finite.test.ts.
      gradient: pad === 'valid',
    },
  ]),
  ...(
    [
      [false, false],
      [true, false],
      [false, true],
    ] as const
  ).flatMap(([align, half]) =>
    (
      [
        [7, 7],
        [3, 3],
        [10, 10],
      ] as const
    ).flatMap((size): KernelCase[] => [
      {
        name: `resizeBilinear to ${size.join('×')}${align ? ' aligned' : ''}${half ? ' half' : ''}`,
        shapes: [[2, 5, 5, 3]],
        run: (x) => tf.image.resizeBilinear(t4(x as Tensor), [...size], align, half),
        // tfjs's cpu backend has no half-pixel gradient, and confuses height and width: its images are square here.
        gradient: !half,
      },
      {
        name: `resizeNearestNeighbor to ${size.join('×')}${align ? ' aligned' : ''}${half ? ' half' : ''}`,
        shapes: [[2, 5, 5, 3]],
        run: (x) => tf.image.resizeNearestNeighbor(t4(x as Tensor), [...size], align, half),
        // The cpu backend's gradient reads past the batch (NaN): see finite.test.ts.
      },
    ]),
  ),
  ...(
    [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const
  ).map(
    ([ta, tb]): KernelCase => ({
      name: `matMul${ta ? ' aᵀ' : ''}${tb ? ' bᵀ' : ''}`,
      shapes: [ta ? [4, 3] : [3, 4], tb ? [5, 4] : [4, 5]],
      run: (a, b) => tf.matMul(t2(a as Tensor), t2(b as Tensor), ta, tb),
      gradient: true,
    }),
  ),
  {
    name: 'fused matMul with bias',
    shapes: [[3, 4], [4, 5], [5]],
    run: (a, b, bias) =>
      tf.fused.matMul({
        a: a as Tensor,
        b: b as Tensor,
        transposeA: false,
        transposeB: false,
        bias: bias as Tensor,
      }),
  },
  {
    name: 'batched matMul with broadcast',
    shapes: [
      [2, 3, 4],
      [1, 4, 5],
    ],
    run: (a, b) => tf.matMul(t3(a as Tensor), t3(b as Tensor)),
    gradient: true,
  },
  {
    name: 'einsum',
    shapes: [
      [2, 3, 4],
      [4, 5],
    ],
    run: (a, b) => tf.einsum('bij,jk->bik', a as Tensor, b as Tensor),
  },
  { name: 'dot', shapes: [[4], [4]], run: (a, b) => tf.dot(a as Tensor, b as Tensor), gradient: true },
  { name: 'softmax', shapes: [[3, 6]], run: (x) => tf.softmax(x as Tensor), gradient: true },
  { name: 'softmax 4-D', shapes: [[2, 3, 3, 5]], run: (x) => tf.softmax(x as Tensor), gradient: true },
  { name: 'logSoftmax', shapes: [[3, 6]], run: (x) => tf.logSoftmax(x as Tensor), gradient: true },
  { name: 'logSumExp', shapes: [[3, 6]], run: (x) => tf.logSumExp(x as Tensor, 1), gradient: true },
  { name: 'argMax', shapes: [[3, 4, 5]], run: (x) => tf.argMax(x as Tensor, 1), domain: apart },
  { name: 'argMin', shapes: [[3, 4, 5]], run: (x) => tf.argMin(x as Tensor, -1), domain: apart },
  { name: 'all', shapes: [[3, 4]], run: (x) => tf.all(tf.greater(x as Tensor, -0.8), 1) },
  { name: 'any', shapes: [[3, 4]], run: (x) => tf.any(tf.greater(x as Tensor, 0.8), 1) },
  { name: 'topk', shapes: [[3, 7]], run: (x) => Object.values(tf.topk(x as Tensor, 3)), domain: apart },
  { name: 'cumsum', shapes: [[3, 4, 2]], run: (x) => tf.cumsum(x as Tensor, 1), gradient: true },
  {
    name: 'cumsum exclusive reverse',
    shapes: [[3, 4]],
    run: (x) => tf.cumsum(x as Tensor, 1, true, true),
    gradient: true,
  },
  { name: 'reshape', shapes: [[2, 3, 4]], run: (x) => tf.reshape(x as Tensor, [4, -1]), gradient: true },
  { name: 'expandDims', shapes: [[2, 3]], run: (x) => tf.expandDims(x as Tensor, 1), gradient: true },
  {
    name: 'transpose',
    shapes: [[2, 3, 4]],
    run: (x) => tf.transpose(x as Tensor, [2, 0, 1]),
    gradient: true,
  },
  { name: 'reverse', shapes: [[2, 3, 4]], run: (x) => tf.reverse(x as Tensor, [0, 2]), gradient: true },
  { name: 'tile', shapes: [[2, 3]], run: (x) => tf.tile(x as Tensor, [2, 3]), gradient: true },
  { name: 'tile of ones', shapes: [[2, 1, 3]], run: (x) => tf.tile(x as Tensor, [1, 4, 1]), gradient: true },
  {
    name: 'broadcastTo',
    shapes: [[3, 1]],
    run: (x) => tf.broadcastTo(x as Tensor, [2, 3, 4]),
    gradient: true,
  },
  {
    name: 'concat',
    shapes: [
      [2, 3],
      [2, 1],
    ],
    run: (a, b) => tf.concat([a as Tensor, b as Tensor], 1),
    gradient: true,
  },
  {
    name: 'stack',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    run: (a, b) => tf.stack([a as Tensor, b as Tensor], 1),
    gradient: true,
  },
  { name: 'unstack', shapes: [[3, 4]], run: (x) => tf.unstack(x as Tensor, 1), gradient: true },
  { name: 'split', shapes: [[6, 4]], run: (x) => tf.split(x as Tensor, [1, 2, 3], 0), gradient: true },
  {
    name: 'slice',
    shapes: [[4, 5, 3]],
    run: (x) => tf.slice(x as Tensor, [1, 0, 1], [2, -1, 2]),
    gradient: true,
  },
  {
    name: 'stridedSlice',
    shapes: [[7, 6]],
    run: (x) => tf.stridedSlice(x as Tensor, [1, 0], [6, 6], [2, 3]),
  },
  {
    name: 'pad',
    shapes: [[2, 3]],
    run: (x) =>
      tf.pad(
        x as Tensor,
        [
          [1, 0],
          [2, 1],
        ],
        0.5,
      ),
    gradient: true,
  },
  {
    name: 'mirrorPad',
    shapes: [[3, 4]],
    run: (x) =>
      tf.mirrorPad(
        x as Tensor,
        [
          [1, 2],
          [0, 3],
        ],
        'reflect',
      ),
  },
  { name: 'depthToSpace', shapes: [[1, 2, 3, 8]], run: (x) => tf.depthToSpace(t4(x as Tensor), 2) },
  {
    name: 'gather',
    shapes: [[5, 3]],
    run: (x) => tf.gather(x as Tensor, tf.tensor1d([4, 0, 4, 2], 'int32')),
    gradient: true,
  },
  {
    name: 'gather along 1',
    shapes: [[2, 5, 3]],
    run: (x) =>
      tf.gather(
        x as Tensor,
        tf.tensor2d(
          [
            [4, 0],
            [1, 1],
          ],
          [2, 2],
          'int32',
        ),
        1,
      ),
    gradient: true,
  },
  {
    name: 'gatherND',
    shapes: [[4, 3]],
    run: (x) =>
      tf.gatherND(
        x as Tensor,
        tf.tensor2d(
          [
            [0, 1],
            [3, 2],
          ],
          [2, 2],
          'int32',
        ),
      ),
  },
  {
    name: 'oneHot',
    shapes: [[6]],
    run: (x) => tf.oneHot(t1(tf.cast(tf.mul(tf.abs(x as Tensor), 4.999), 'int32')), 5),
  },
  {
    name: 'scatterND',
    shapes: [[3, 2]],
    run: (x) => tf.scatterND(tf.tensor2d([[1], [3], [1]], [3, 1], 'int32'), x as Tensor, [5, 2]),
  },
  {
    name: 'tensorScatterUpdate',
    shapes: [
      [5, 2],
      [2, 2],
    ],
    run: (x, u) => tf.tensorScatterUpdate(x as Tensor, tf.tensor2d([[1], [3]], [2, 1], 'int32'), u as Tensor),
  },
  {
    name: 'unsortedSegmentSum',
    shapes: [[4, 3]],
    run: (x) => tf.unsortedSegmentSum(x as Tensor, tf.tensor1d([2, 0, 2, 1], 'int32'), 4),
  },
  {
    name: 'where',
    shapes: [
      [3, 4],
      [3, 4],
      [3, 4],
    ],
    run: (c, a, b) => tf.where(tf.greater(c as Tensor, 0), a as Tensor, b as Tensor),
    gradient: true,
  },
  {
    name: 'prelu',
    shapes: [[2, 3, 4], [4]],
    run: (x, a) => tf.prelu(x as Tensor, a as Tensor),
    gradient: true,
  },
  {
    name: 'addN',
    shapes: [
      [2, 3],
      [2, 3],
      [2, 3],
    ],
    run: (...x) => tf.addN(x),
    gradient: true,
  },
  {
    name: 'range and linspace',
    shapes: [[5]],
    run: (x) => tf.mul(tf.add(x as Tensor, tf.range(0, 5)), tf.linspace(1, 2, 5)),
  },
  { name: 'fill', shapes: [[2, 3]], run: (x) => tf.add(tf.fill([4, 2, 3], 2), x as Tensor), gradient: true },
  {
    name: 'batchNorm (inference)',
    shapes: [[2, 3, 3, 4], [4], [4], [4], [4]],
    run: (x, m, v, o, s) =>
      tf.batchNorm(x as Tensor, t1(m as Tensor), t1(tf.abs(v as Tensor)), t1(o as Tensor), t1(s as Tensor)),
  },
  {
    name: 'moments',
    shapes: [[2, 3, 3, 4]],
    run: (x) => Object.values(tf.moments(x as Tensor, [0, 1, 2])) as Tensor[],
    gradient: true,
  },
  { name: 'norm', shapes: [[3, 4]], run: (x) => tf.norm(x as Tensor, 2, 1), gradient: true },
  {
    name: 'conv, bias, relu, pool, dense',
    shapes: [[2, 6, 6, 3], [3, 3, 3, 4], [4], [4, 5]],
    run: (x, w, b, d) =>
      tf.matMul(t2(tf.mean(convNet(x as Tensor, w as Tensor, b as Tensor), [1, 2])), t2(d as Tensor)),
    gradient: true,
  },
  {
    name: 'residual of two layouts',
    shapes: [
      [2, 4, 5, 3],
      [3, 3, 3, 3],
      [2, 4, 5, 3],
    ],
    run: (x, w, r) =>
      tf.sub(tf.conv2d(t4(tf.add(x as Tensor, r as Tensor)), t4(w as Tensor), 1, 'same'), r as Tensor),
    gradient: true,
  },
  {
    name: 'slices, pads and joins of a convolution',
    shapes: [
      [2, 6, 5, 3],
      [3, 3, 3, 4],
    ],
    run: (x, w) => {
      const y = tf.conv2d(t4(x as Tensor), t4(w as Tensor), 1, 'same');
      const part = tf.slice(y, [0, 1, 0, 2], [-1, 3, -1, 2]);
      const joined = tf.concat(
        [
          part,
          tf.pad(tf.slice(y, [0, 0, 0, 0], [2, 2, 5, 2]), [
            [0, 0],
            [1, 0],
            [0, 0],
            [0, 0],
          ]),
        ],
        3,
      );
      return tf.softmax(tf.reshape(joined, [2, 3, 1, 5, 4]));
    },
    gradient: true,
  },
  {
    name: 'means of a convolution kept and dropped',
    shapes: [
      [2, 4, 5, 3],
      [3, 3, 3, 4],
    ],
    run: (x, w) => {
      const y = tf.conv2d(t4(x as Tensor), t4(w as Tensor), 1, 'same');
      const centred = tf.sub(y, tf.mean(y, [1, 2], true));
      return [tf.mean(centred, 3), tf.sum(tf.square(centred), [0, 3]), tf.max(y, [0, 1, 2])];
    },
    gradient: true,
  },
];
