/**
 * A graph as the bytes of an ONNX model: IR version 8 and opset 17, old enough for the tools people have (Debian's
 * checker, QGIS plugins), and com.microsoft where a node asks for it.
 */
import { must } from '../../base/assert.ts';
import { onnxType } from '../graph/emit.ts';
import { type Attribute, type Constant, type Graph, type Node, sizeOf, type Value } from '../graph/graph.ts';
import { onnxProto } from './descriptor.ts';

/** Attributes of ours that ONNX wants as inputs, in their order, after the first input. */
const asInputs: Readonly<Record<string, readonly string[]>> = {
  Reshape: ['shape'],
  Expand: ['shape'],
  Tile: ['repeats'],
  Slice: ['starts', 'ends', 'axes', 'steps'],
  Pad: ['pads'],
  CumSum: ['axis'],
  TopK: ['k'],
  // The other reductions have their axes as an attribute up to opset 17.
  ReduceSum: ['axes'],
};
/** Ours alone: a word from the tracer to the passes. */
const internal = new Set(['real']);

export interface ModelFacts {
  /** Written to metadata_props. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** A name for the first axis of all inputs and outputs, when the graph holds for any size of it. */
  readonly batchAxis?: string;
}

type Message = Record<string, unknown>;

export function writeOnnx(graph: Graph, { metadata = {}, batchAxis }: ModelFacts = {}): Uint8Array {
  const names = new Map<Value, string>();
  const initializers: Message[] = [];
  const integers = new Map<string, string>();
  const portNames = new Set([...graph.inputs, ...graph.outputs].map((p) => p.name));
  let counter = 0;
  const fresh = (prefix: string) => {
    let name = `${prefix}${counter++}`;
    while (portNames.has(name)) name = `${prefix}${counter++}`;
    return name;
  };
  for (const { name, value } of graph.inputs) names.set(value, name);

  const nameOf = (value: Value): string => {
    const known = names.get(value);
    if (known !== undefined) return known;
    const name = fresh(value.constant ? 'c' : 'v');
    names.set(value, name);
    if (value.constant) {
      initializers.push({
        name,
        dims: value.shape,
        dataType: onnxType[value.dtype],
        rawData: bytesOf(value.constant, value),
      });
    }
    return name;
  };
  /** An int64 initializer; equal ones are shared. */
  const integersOf = (list: readonly number[], scalar: boolean): string => {
    const key = `${scalar}:${list.join(',')}`;
    const known = integers.get(key);
    if (known !== undefined) return known;
    const name = fresh('i');
    integers.set(key, name);
    const rawData = new Uint8Array(BigInt64Array.from(list.map(BigInt)).buffer);
    initializers.push({ name, dims: scalar ? [] : [list.length], dataType: onnxType.int64, rawData });
    return name;
  };

  const nodeOf = (node: Node): Message => {
    const moved = asInputs[node.op] ?? [];
    const extra = moved.map((key) => {
      const value = must(node.attributes[key], `${node.op}.${key}`) as number | readonly number[];
      const scalar = typeof value === 'number';
      return integersOf(scalar ? [value] : value, scalar && node.op !== 'TopK');
    });
    const [first, ...rest] = node.inputs.map(nameOf);
    return {
      opType: node.op,
      domain: node.domain,
      input: [...(first === undefined ? [] : [first]), ...extra, ...rest],
      output: node.outputs.map(nameOf),
      attribute: Object.entries(node.attributes)
        .filter(([key]) => !moved.includes(key) && !internal.has(key))
        .map(([key, value]) => attributeOf(key, value)),
    };
  };

  // A value that is an output gets the output's name; one that has a name already is copied.
  const copies: Message[] = [];
  for (const { name, value } of graph.outputs) {
    if (value.constant || names.has(value)) copies.push({ opType: 'Identity', value, output: [name] });
    else names.set(value, name);
  }
  const node = graph.nodes.map(nodeOf);
  for (const { value, ...copy } of copies) node.push({ ...copy, input: [nameOf(value as Value)] });

  const domains = [...new Set(['', ...graph.nodes.map((n) => n.domain)])];
  const type = onnxProto.lookupType('ModelProto');
  return type
    .encode(
      type.fromObject({
        irVersion: 8,
        producerName: 'swath',
        opsetImport: domains.map((domain) => ({ domain, version: domain === '' ? 17 : 1 })),
        metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
        graph: {
          name: graph.name,
          node,
          initializer: initializers,
          input: graph.inputs.map((p) => port(p.name, p.value, batchAxis)),
          output: graph.outputs.map((p) => port(p.name, p.value, batchAxis)),
        },
      }),
    )
    .finish();
}

function port(name: string, { dtype, shape }: Value, batchAxis: string | undefined): Message {
  const dim = shape.map((dimValue, i) => (i === 0 && batchAxis ? { dimParam: batchAxis } : { dimValue }));
  return { name, type: { tensorType: { elemType: onnxType[dtype], shape: { dim } } } };
}

/** AttributeProto.AttributeType: INT 2, STRING 3, FLOATS 6, INTS 7. */
function attributeOf(name: string, value: Attribute): Message {
  if (typeof value === 'string') return { name, type: 3, s: new TextEncoder().encode(value) };
  if (value instanceof Float32Array) return { name, type: 6, floats: [...value] };
  return typeof value === 'number' ? { name, type: 2, i: value } : { name, type: 7, ints: value };
}

/** Little-endian elements in ONNX's raw form. */
function bytesOf(constant: Constant, { dtype, shape }: Value): Uint8Array {
  const size = sizeOf(shape);
  const data = constant.kind === 'dense' ? constant.data : new Float64Array(size).fill(constant.value);
  const typed =
    dtype === 'float32'
      ? Float32Array.from(data)
      : dtype === 'int32'
        ? Int32Array.from(data)
        : dtype === 'int64'
          ? BigInt64Array.from(Array.from(data, (n) => BigInt(n)))
          : dtype === 'int8'
            ? Int8Array.from(data)
            : Uint8Array.from(data);
  return new Uint8Array(typed.buffer);
}
