/**
 * Reads tensors that live on the device. onnxruntime-node 1.30 aborts the process when such a tensor is asked for its
 * data, so a session that only copies brings them back: device tensors in, ordinary outputs out.
 */
import type * as ort from 'onnxruntime-node';
import { must } from '../../base/assert.ts';
import type { Arrays, Shapes } from '../../compute/step.ts';
import { one } from '../graph/emit.ts';
import { emitter, type Node, type Port, type Value } from '../graph/graph.ts';
import { writeOnnx } from '../onnx/write.ts';
import type { DeviceId } from '../types.ts';
import { openSession } from './session.ts';

export interface Reader {
  read(tensors: Readonly<Record<string, ort.Tensor>>): Promise<Arrays>;
  dispose(): Promise<void>;
}

export async function openReader(shapes: Shapes, device: DeviceId): Promise<Reader> {
  const nodes: Node[] = [];
  const emit = emitter(nodes);
  const inputs: Port[] = [];
  const outputs: Port[] = [];
  for (const [name, shape] of Object.entries(shapes)) {
    const value: Value = { shape, dtype: 'float32' };
    inputs.push({ name, value });
    outputs.push({ name: `out/${name}`, value: one(emit, 'Identity', [value], shape) });
  }
  const session = await openSession(writeOnnx({ name: 'read', inputs, outputs, nodes }), { device });
  return {
    async read(tensors) {
      const feeds = Object.fromEntries(session.inputNames.map((n) => [n, must(tensors[n], n)]));
      const results = await session.run(feeds);
      const arrays: Arrays = {};
      for (const [name, shape] of Object.entries(shapes)) {
        const { data } = must(results[`out/${name}`], name);
        arrays[name] = { shape, data: Float32Array.from(data as Float32Array) };
      }
      return arrays;
    },
    dispose: () => session.release(),
  };
}
