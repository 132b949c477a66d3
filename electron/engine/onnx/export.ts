/** A forward function with its weights inside, as an ONNX model that any tool can load: standard operators only. */
import type { Arrays, ForwardSpec, Shapes } from '../../compute/step.ts';
import { type Attribute, type Graph, type Node, type Port, sameShape, type Value } from '../graph/graph.ts';
import { bindWeights } from '../passes/bindWeights.ts';
import { optimize } from '../passes/optimize.ts';
import { quantizeWeights } from '../passes/quantizeWeights.ts';
import { assertArrays } from '../run/arrays.ts';
import { traceForward } from '../trace/trace.ts';
import { writeOnnx } from './write.ts';

/**
 * `metadata` goes to metadata_props as it is. The first axis of inputs and outputs is named `batch` when the function
 * does the same for any size of it; else it is as in the spec. `int8` stores the weights as 8-bit integers.
 */
export function exportOnnx(
  spec: ForwardSpec,
  weights: Arrays,
  metadata: Readonly<Record<string, string>>,
  { int8 = false }: { readonly int8?: boolean } = {},
): Uint8Array {
  assertArrays(spec.name, 'weights', weights, spec.weights);
  const graphOf = (inputs: Shapes) =>
    optimize(bindWeights(traceForward({ ...spec, inputs }), weights), { portable: true });
  const graph = graphOf(spec.inputs);
  const anyBatch = forAnyBatch(graph, spec.inputs, graphOf);
  const stored = int8 ? quantizeWeights : (g: Graph) => g;
  return anyBatch
    ? writeOnnx(stored(anyBatch), { metadata, batchAxis: 'batch' })
    : writeOnnx(stored(graph), { metadata });
}

/**
 * Draws the graph again for another batch size. When only shapes differ, and in reshapes only one axis, it holds for any
 * size; that axis is left to the reshape (-1).
 */
function forAnyBatch(graph: Graph, inputs: Shapes, graphOf: (inputs: Shapes) => Graph): Graph | undefined {
  const sizes = new Set(Object.values(inputs).map((shape) => shape[0]));
  const [size] = sizes;
  if (sizes.size !== 1 || size === undefined) return undefined;
  let other: Graph;
  try {
    other = graphOf(
      Object.fromEntries(Object.entries(inputs).map(([n, shape]) => [n, [size + 1, ...shape.slice(1)]])),
    );
  } catch {
    // The function insists on its batch size.
    return undefined;
  }
  const ports = (list: readonly Port[]) => list.every(({ value }) => value.shape[0] === size);
  if (!ports(graph.inputs) || !ports(graph.outputs) || graph.nodes.length !== other.nodes.length)
    return undefined;
  const nodes: Node[] = [];
  for (const [i, node] of graph.nodes.entries()) {
    const merged = mergeNodes(node, other.nodes[i] as Node);
    if (!merged) return undefined;
    nodes.push(merged);
  }
  return { ...graph, nodes };
}

function mergeNodes(a: Node, b: Node): Node | undefined {
  if (a.op !== b.op || a.inputs.length !== b.inputs.length) return undefined;
  if (!a.inputs.every((value, i) => sameConstant(value, b.inputs[i] as Value))) return undefined;
  const attributes: Record<string, Attribute> = {};
  for (const [key, value] of Object.entries(a.attributes)) {
    const twin = b.attributes[key];
    if (JSON.stringify(value) === JSON.stringify(twin)) {
      attributes[key] = value;
    } else if (a.op === 'Reshape' && Array.isArray(value) && Array.isArray(twin)) {
      const differing = value.filter((d, i) => d !== twin[i]).length;
      if (differing !== 1 || value.length !== twin.length) return undefined;
      attributes[key] = value.map((d, i) => (d === twin[i] ? d : -1));
    } else {
      return undefined;
    }
  }
  return { ...a, attributes };
}

function sameConstant(a: Value, b: Value): boolean {
  if (a.constant?.kind === 'uniform')
    return (
      b.constant?.kind === 'uniform' && a.constant.value === b.constant.value && sameShape(a.shape, b.shape)
    );
  // Dense constants are the weights, the same in both, or tables of the same shape.
  return (
    (a.constant === undefined) === (b.constant === undefined) &&
    (a.constant === undefined || sameShape(a.shape, b.shape))
  );
}
