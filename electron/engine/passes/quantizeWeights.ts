/**
 * Weights of convolutions and products as 8-bit integers with one scale per output channel, symmetric about zero;
 * `DequantizeLinear` before the operator brings them back. A quarter of the bytes, and nothing to calibrate, because
 * what flows between the layers stays float32.
 */
import type { Graph, Node, Value } from '../graph/graph.ts';
import { emitter, sizeOf } from '../graph/graph.ts';

/** Operator → the axis of its weight that runs over its outputs: [O, I, H, W] and [K, N]. */
const outputAxis: Readonly<Record<string, number>> = { Conv: 0, MatMul: 1 };
/** Smaller ones would save nothing. */
const leastSize = 64;

export function quantizeWeights(graph: Graph): Graph {
  const nodes: Node[] = [];
  const emit = emitter(nodes);
  const known = new Map<Value, Value>();
  for (const node of graph.nodes) {
    const [x, weight, ...rest] = node.inputs;
    const axis = outputAxis[node.op];
    if (x && weight && axis !== undefined && isWeight(weight)) {
      const dequantized = known.get(weight) ?? dequantize(weight, axis);
      known.set(weight, dequantized);
      nodes.push({ ...node, inputs: [x, dequantized, ...rest] });
    } else nodes.push(node);
  }
  return { ...graph, nodes };

  function dequantize(weight: Value, axis: number): Value {
    const { codes, scales } = quantize(weight, axis);
    const [value] = emit.node('DequantizeLinear', [codes, scales], { axis }, [
      { shape: weight.shape, dtype: 'float32' },
    ]);
    return value ?? weight;
  }
}

const isWeight = ({ constant, dtype, shape }: Value): boolean =>
  constant?.kind === 'dense' && dtype === 'float32' && shape.length >= 2 && sizeOf(shape) >= leastSize;

/** w ≈ scale · code, code in −127 … 127, with the scale at which the largest weight of the channel is exact. */
function quantize({ shape, constant }: Value, axis: number): { codes: Value; scales: Value } {
  const data = constant?.kind === 'dense' ? constant.data : new Float32Array();
  const channels = shape[axis] ?? 1;
  const inner = sizeOf(shape.slice(axis + 1));
  const channelOf = (i: number) => Math.floor(i / inner) % channels;
  const scales = new Float32Array(channels);
  data.forEach((w, i) => {
    const c = channelOf(i);
    scales[c] = Math.max(scales[c] ?? 0, Math.abs(w) / 127);
  });
  const codes = Int8Array.from(data, (w, i) => {
    const scale = scales[channelOf(i)] ?? 0;
    return scale > 0 ? Math.round(w / scale) : 0;
  });
  return {
    codes: { shape, dtype: 'int8', constant: { kind: 'dense', data: codes } },
    scales: { shape: [channels], dtype: 'float32', constant: { kind: 'dense', data: scales } },
  };
}
