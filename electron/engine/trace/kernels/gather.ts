/** Kernels that pick and place by index. */
import { must } from '../../../base/assert.ts';
import { cast, elementwise, expand, one, reshape } from '../../graph/emit.ts';
import { uniform, type Value } from '../../graph/graph.ts';
import { axisOf, elementType, input, type KernelTable, refuse } from '../kernel.ts';

export const gatherKernels: KernelTable = {
  GatherV2: (call) => {
    const [x, indices] = [input(call, 'x'), input(call, 'indices')];
    const axis = axisOf(call.attributes.axis ?? 0, x.shape.length);
    const batchDims = (call.attributes.batchDims as number | undefined) ?? 0;
    if (batchDims !== 0) return refuse('batch dimensions in gather');
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return one(call.emit, 'Gather', [x, cast(call.emit, indices, 'int32')], shape, { axis });
  },
  GatherNd: (call) => {
    const [x, indices] = [input(call, 'params'), input(call, 'indices')];
    const depth = must(indices.shape.at(-1), 'index depth');
    const shape = [...indices.shape.slice(0, -1), ...x.shape.slice(depth)];
    return one(call.emit, 'GatherND', [x, cast(call.emit, indices, 'int64')], shape);
  },
  // Comparing with 0 … depth − 1: elementwise, so that it runs on every provider and fuses with what follows.
  OneHot: (call) => {
    const { emit } = call;
    const indices = input(call, 'indices');
    const { depth, onValue, offValue, dtype } = call.attributes as Record<string, number>;
    const type = elementType(dtype ?? 'int32');
    const column = reshape(emit, cast(emit, indices, 'int32'), [...indices.shape, 1]);
    const classes: Value = {
      shape: [must(depth, 'depth')],
      dtype: 'int32',
      constant: { kind: 'dense', data: Int32Array.from({ length: must(depth, 'depth') }, (_, i) => i) },
    };
    const hit = elementwise(emit, 'Equal', [column, classes], 'bool');
    return elementwise(
      emit,
      'Where',
      [hit, uniform(onValue ?? 1, [], type), uniform(offValue ?? 0, [], type)],
      type,
    );
  },
  ScatterNd: (call) => {
    const [indices, updates] = [input(call, 'indices'), input(call, 'updates')];
    const shape = call.attributes.shape as number[];
    const zeros = expand(call.emit, uniform(0, [], updates.dtype), shape);
    return one(call.emit, 'ScatterND', [zeros, cast(call.emit, indices, 'int64'), updates], shape, {
      reduction: 'add',
    });
  },
  TensorScatterUpdate: (call) => {
    const [tensor, indices, updates] = [
      input(call, 'tensor'),
      input(call, 'indices'),
      input(call, 'updates'),
    ];
    return one(call.emit, 'ScatterND', [tensor, cast(call.emit, indices, 'int64'), updates], tensor.shape);
  },
  UnsortedSegmentSum: (call) => {
    const { emit } = call;
    const [x, ids] = [input(call, 'x'), input(call, 'segmentIds')];
    if (ids.shape.length !== 1) return refuse('segment ids of more than one axis');
    const shape = [call.attributes.numSegments as number, ...x.shape.slice(1)];
    const indices = reshape(emit, cast(emit, ids, 'int64'), [...ids.shape, 1]);
    return one(emit, 'ScatterND', [expand(emit, uniform(0, [], x.dtype), shape), indices, x], shape, {
      reduction: 'add',
    });
  },
};
