/** An ONNX file as other tools run it: a session of its own, which knows nothing of how the file was made. */
import * as ort from 'onnxruntime-node';
import { must } from '../../base/assert.ts';
import type { Arrays } from '../../compute/step.ts';
import { deviceError, openSession } from './session.ts';

export interface LoadedModel {
  /** Inputs by name; any size of an axis that has a name. */
  run(inputs: Arrays): Promise<Arrays>;
  dispose(): Promise<void>;
}

/** Throws `device` or `out-of-memory` when onnxruntime does not take the file. */
export async function loadModel(bytes: Uint8Array): Promise<LoadedModel> {
  const session = await openSession(bytes, { device: 'cpu' });
  return {
    async run(inputs) {
      const feeds = Object.fromEntries(
        session.inputNames.map((name) => {
          const { data, shape } = must(inputs[name], `input ${name}`);
          return [name, new ort.Tensor('float32', data, shape)];
        }),
      );
      try {
        const results = await session.run(feeds);
        return Object.fromEntries(
          Object.entries(results).map(([name, { dims, data }]) => [
            name,
            { shape: [...dims], data: data as Float32Array },
          ]),
        );
      } catch (error) {
        throw deviceError(error, 'cpu', 'failed');
      }
    },
    dispose: () => session.release(),
  };
}
