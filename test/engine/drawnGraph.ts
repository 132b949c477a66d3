/** Graphs small enough to read: drawn by hand, run as they are, and compared after a pass. */
import * as ort from 'onnxruntime-node';
import { expect } from 'vitest';
import { must } from '../../electron/base/assert.ts';
import {
  type Emitter,
  emitter,
  type Graph,
  type Node,
  sizeOf,
  type Value,
} from '../../electron/engine/graph/graph.ts';
import { writeOnnx } from '../../electron/engine/onnx/write.ts';
import { expectClose } from '../support/expectClose.ts';

export function draw(
  shapes: Record<string, number[]>,
  build: (emit: Emitter, x: Record<string, Value>) => Record<string, Value>,
): Graph {
  const nodes: Node[] = [];
  const values = Object.fromEntries(
    Object.entries(shapes).map(([n, shape]): [string, Value] => [n, { shape, dtype: 'float32' }]),
  );
  const outputs = build(emitter(nodes), values);
  const ports = (tree: Record<string, Value>) =>
    Object.entries(tree).map(([name, value]) => ({ name, value }));
  return { name: 'test', inputs: ports(values), outputs: ports(outputs), nodes };
}
export const ops = (graph: Graph) => graph.nodes.map((n) => n.op);
export const of = (values: Record<string, Value>, name: string) => must(values[name], name);

async function run(graph: Graph): Promise<Record<string, Float32Array>> {
  const session = await ort.InferenceSession.create(writeOnnx(graph), {
    logSeverityLevel: 3,
    intraOpNumThreads: 1,
  });
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name, value }, k) => [
      name,
      new ort.Tensor(
        'float32',
        Float32Array.from({ length: sizeOf(value.shape) }, (_, i) => Math.sin(i + k)),
        value.shape,
      ),
    ]),
  );
  const results = await session.run(feeds);
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([n, t]) => [n, t.data as Float32Array]));
}

/**
 * The pass must not change what the graph computes, nor its outputs' shapes. `from`: the same in operators that run.
 * `abs`: for sums of many terms that cancel.
 */
export async function same(
  graph: Graph,
  pass: (graph: Graph) => Graph,
  { from = graph, abs = 1e-5 }: { from?: Graph; abs?: number } = {},
): Promise<Graph> {
  const after = pass(graph);
  expect(after.outputs.map((o) => o.value.shape)).toEqual(graph.outputs.map((o) => o.value.shape));
  const [a, b] = [await run(from), await run(after)];
  for (const [name, data] of Object.entries(a)) expectClose(b[name] ?? [], data, { rel: 1e-5, abs });
  return after;
}
