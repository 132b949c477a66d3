/**
 * A step as a graph: what the tracer records, the passes rewrite and `onnx/` writes down. Operators and attributes are
 * ONNX's (opset 17), with one difference: axes, shapes, starts … are always attributes here, never inputs, so that a
 * pass can read them; the writer turns them into inputs where ONNX wants that.
 */
export type ElementType = 'float32' | 'int32' | 'int64' | 'int8' | 'bool';
export type Shape = readonly number[];
/** Numbers are whole; those that are not are in a Float32Array. */
export type Attribute = number | string | readonly number[] | Float32Array;
export type Attributes = Readonly<Record<string, Attribute>>;

/** `uniform`: every element is `value`, whatever the shape; it is stored as one number and broadcast. */
export type Constant =
  | { readonly kind: 'uniform'; readonly value: number }
  | { readonly kind: 'dense'; readonly data: Float32Array | Int32Array | Int8Array | Uint8Array };

/** The result of a node, an input of the graph, or a constant. Compared by identity. */
export interface Value {
  readonly shape: Shape;
  readonly dtype: ElementType;
  readonly constant?: Constant;
}

export interface Node {
  readonly op: string;
  /** '' is ONNX itself; `com.microsoft` and `com.microsoft.nchwc` hold onnxruntime's own operators; `swath` ours, which a pass replaces. */
  readonly domain: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
}

export interface Port {
  readonly name: string;
  readonly value: Value;
}

/** `nodes` are in topological order. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly nodes: readonly Node[];
}

export interface Output {
  readonly shape: Shape;
  readonly dtype?: ElementType;
}

/** Appends a node and returns its outputs. `dtype` is that of the first input where it is not said. */
export interface Emitter {
  node(
    op: string,
    inputs: readonly Value[],
    attributes: Attributes,
    outputs: readonly Output[],
    domain?: string,
  ): Value[];
}

export const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1);
export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i]);

export const uniform = (value: number, shape: Shape = [], dtype: ElementType = 'float32'): Value => ({
  shape,
  dtype,
  constant: { kind: 'uniform', value },
});

/** Whether a value is the constant `value` in every element. */
export const isUniform = (v: Value, value?: number): boolean =>
  v.constant?.kind === 'uniform' && (value === undefined || v.constant.value === value);

/** The shape that `a` and `b` broadcast to (numpy's rule). The shapes are known to be compatible. */
export function broadcastShape(...shapes: readonly Shape[]): number[] {
  const rank = Math.max(0, ...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, i) => {
    let size = 1;
    for (const shape of shapes) {
      const d = shape[shape.length - rank + i] ?? 1;
      if (d !== 1) size = d;
    }
    return size;
  });
}

/** An emitter onto a list of nodes. */
export function emitter(nodes: Node[]): Emitter {
  return {
    node(op, inputs, attributes, outputs, domain = '') {
      const values = outputs.map(
        ({ shape, dtype }): Value => ({
          shape,
          dtype: dtype ?? inputs[0]?.dtype ?? 'float32',
        }),
      );
      nodes.push({ op, domain, inputs, outputs: values, attributes });
      return values;
    },
  };
}
