/**
 * A tfjs backend that computes nothing: a tensor stands for a value of the graph, and a kernel records nodes. tfjs's own
 * autodiff runs on top of it unchanged.
 */
import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../../base/errors.ts';
import { type Emitter, type Shape, sizeOf, type Value } from '../graph/graph.ts';
import { elementType, type Kernel, type KernelTable } from './kernel.ts';

export const backendName = 'swath-trace';

export class SymbolicBackend extends tf.KernelBackend {
  readonly emit: Emitter;
  /** The step, for messages. */
  readonly step: string;
  private readonly values = new Map<object, Value>();

  constructor(step: string, emit: Emitter) {
    super();
    this.step = step;
    this.emit = emit;
  }

  /** A tensor for a value of the graph. */
  tensor(value: Value): tf.Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.info(value));
  }
  info(value: Value): tf.TensorInfo {
    const dataId = {};
    this.values.set(dataId, value);
    return { dataId, shape: [...value.shape], dtype: elementType(value.dtype) };
  }
  symbolOf({ dataId }: tf.TensorInfo): Value {
    const value = this.values.get(dataId);
    if (value) return value;
    throw new AppError('unsupported', `${this.step} uses a tensor that was made outside the step`, {
      subject: this.step,
      remedy: 'Hand it in as state, batch or hyper, or make it inside the step.',
    });
  }

  // Everything below is the contract of KernelBackend.
  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    const dataId = {};
    this.values.set(dataId, constantOf(values as ArrayLike<number>, shape, dtype));
    return dataId;
  }
  override move(
    dataId: object,
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
  ): void {
    this.values.set(dataId, constantOf(values as ArrayLike<number>, shape, dtype));
  }
  override readSync(): never {
    throw new AppError('unsupported', `${this.step} reads a tensor's values while it runs`, {
      subject: this.step,
      remedy: 'A step must be a pure function of its tensors: no dataSync, no arraySync.',
    });
  }
  override async read(): Promise<never> {
    return this.readSync();
  }
  override disposeData(dataId: object): boolean {
    // The value may be used by nodes; only the handle goes.
    return this.values.delete(dataId);
  }
  override numDataIds(): number {
    return this.values.size;
  }
  override incRef(): void {}
  override refCount(): number {
    return 1;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override floatPrecision(): 32 {
    return 32;
  }
  override timerAvailable(): boolean {
    return false;
  }
  override dispose(): void {
    this.values.clear();
  }
}

function constantOf(values: ArrayLike<number>, shape: Shape, dtype: tf.DataType): Value {
  const type = elementType(dtype);
  const first = values[0] ?? 0;
  const size = sizeOf(shape);
  let same = true;
  for (let i = 1; i < size && same; i++) same = values[i] === first;
  if (same) return { shape, dtype: type, constant: { kind: 'uniform', value: Number(first) } };
  const data =
    type === 'float32'
      ? Float32Array.from(values)
      : type === 'int32'
        ? Int32Array.from(values)
        : Uint8Array.from(values);
  return { shape, dtype: type, constant: { kind: 'dense', data } };
}

/** Registers the table's kernels, and for every other kernel that tfjs knows one that says it is not supported. */
export function registerKernels(table: KernelTable): void {
  const known = Object.entries(tf).flatMap(([key, value]) => (key === value ? [key] : []));
  for (const kernelName of new Set([...known, ...Object.keys(table)])) {
    if (tf.getKernel(kernelName, backendName) !== undefined) continue;
    tf.registerKernel({ kernelName, backendName, kernelFunc: symbolic(kernelName, table[kernelName]) });
  }
}

function symbolic(name: string, kernel: Kernel | undefined): tf.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const symbols = backend as SymbolicBackend;
    const given = Object.entries(inputs as tf.NamedTensorInfoMap).filter(([, info]) => info != null);
    try {
      if (!kernel) throw new AppError('unsupported', 'There is no such kernel in the compiled engine');
      const values = Object.fromEntries(
        given.map(([key, info]) => [key, symbols.symbolOf(info as tf.TensorInfo)]),
      );
      const result = kernel({ inputs: values, attributes: attrs ?? {}, emit: symbols.emit });
      return Array.isArray(result)
        ? result.map((v: Value) => symbols.info(v))
        : symbols.info(result as Value);
    } catch (error) {
      if (error instanceof AppError && error.code !== 'unsupported') throw error;
      const shapes = given.map(([key, info]) => `${key} [${info?.shape.join(', ')}]`).join(', ');
      const why = error instanceof Error ? error.message : String(error);
      throw new AppError(
        'unsupported',
        `Cannot compile ${symbols.step}: kernel ${name} (${shapes}): ${why}`,
        {
          subject: name,
          remedy: 'Choose another encoder or option, or run it on the device `wasm` or `tfjs-cpu`.',
          cause: error,
        },
      );
    }
  };
}
