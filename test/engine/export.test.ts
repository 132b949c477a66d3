/** Exported models: valid to ONNX's own checker, loadable by a fresh session, equal to the engine, any batch size. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import type { Arrays, ForwardSpec } from '../../electron/compute/step.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import { writeOnnx } from '../../electron/engine/onnx/write.ts';
import { optimize } from '../../electron/engine/passes/optimize.ts';
import { traceStep } from '../../electron/engine/trace/trace.ts';
import { expectClose } from '../support/expectClose.ts';
import { smallStep } from './smallStep.ts';

const engine = createEngine();
const python = '/usr/bin/python3';
const checker = spawnSync(python, ['-c', 'import onnx']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'swath-onnx-'));
afterAll(() => rmSync(folder, { recursive: true }));

const encoder: ForwardSpec = {
  name: 'test/encoder',
  weights: { 'a/w': [3, 3, 4, 8], 'a/b': [8], 'b/w': [3, 3, 8, 6], head: [6, 3] },
  inputs: { tiles: [2, 8, 8, 4] },
  run(w, { tiles }) {
    const conv = (x: tf.Tensor, name: string, stride: number) =>
      tf.conv2d(x as Tensor4D, w[name] as Tensor4D, stride, 'same');
    const h = tf.relu(tf.add(conv(tiles as tf.Tensor, 'a/w', 1), w['a/b'] as tf.Tensor));
    const features = tf.mean(tf.relu(conv(h, 'b/w', 2)), [1, 2]) as Tensor2D;
    return { features, probabilities: tf.softmax(tf.matMul(features, w.head as Tensor2D)) };
  },
};
const fill = (shape: readonly number[], seed: number) => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => Math.sin(i * 1.7 + seed)),
});
const weights: Arrays = Object.fromEntries(
  Object.entries(encoder.weights).map(([name, shape], i) => [name, fill(shape, i)]),
);

describe('an exported model', () => {
  const model = engine.exportOnnx(encoder, weights, { bands: '["B2","B3"]', model_type: 'Classificator' });

  it('gives what the engine gives, for any batch size', async () => {
    const session = await ort.InferenceSession.create(model);
    expect(session.inputNames).toEqual(['tiles']);
    expect(session.outputNames).toEqual(['features', 'probabilities']);
    const running = await engine.startForward(encoder, weights, { device: 'cpu' });
    const tiles = fill([2, 8, 8, 4], 9);
    const expected = await running.run({ tiles });
    for (const copies of [1, 3]) {
      const data = new Float32Array(copies * tiles.data.length);
      for (let i = 0; i < copies; i++) data.set(tiles.data, i * tiles.data.length);
      const results = await session.run({ tiles: new ort.Tensor('float32', data, [2 * copies, 8, 8, 4]) });
      for (const name of ['features', 'probabilities']) {
        const tensor = results[name] as ort.Tensor;
        expect(tensor.dims[0]).toBe(2 * copies);
        const once = expected[name]?.data ?? new Float32Array();
        expectClose((tensor.data as Float32Array).slice(-once.length), once, { rel: 1e-6 });
      }
    }
    await running.dispose();
    await session.release();
  });

  it('with 8-bit weights is smaller and says nearly the same', async () => {
    const small = engine.exportOnnx(encoder, weights, {}, { int8: true });
    const large = engine.exportOnnx(encoder, weights, {});
    // 720 weights of convolutions lose three of their four bytes.
    expect(large.byteLength - small.byteLength).toBeGreaterThan(1200);
    const [exact, rounded] = [await engine.loadModel(large), await engine.loadModel(small)];
    const tiles = fill([2, 8, 8, 4], 9);
    const [a, b] = [await exact.run({ tiles }), await rounded.run({ tiles })];
    await exact.dispose();
    await rounded.dispose();
    const scale = Math.max(...(a.features?.data ?? []));
    expectClose(b.features?.data ?? [], a.features?.data ?? [], { rel: 0, abs: 0.01 * scale });
    expect(b.features?.data).not.toEqual(a.features?.data);
    if (!checker) return;
    const file = join(folder, 'int8.onnx');
    writeFileSync(file, small);
    // Each channel's largest weight is a whole 127 of its scale, read back by another library.
    const script = `
import sys, onnx, json
import numpy as np
from onnx import numpy_helper
model = onnx.load(sys.argv[1]); onnx.checker.check_model(model, full_check=True)
tensors = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
first = next(n for n in model.graph.node if n.op_type == 'DequantizeLinear')
q, s = tensors[first.input[0]], tensors[first.input[1]]
print(json.dumps([str(q.dtype), list(q.shape), np.abs(q.astype(int)).reshape(q.shape[0], -1).max(1).tolist(),
  (q.astype('f4') * s.reshape(-1, 1, 1, 1)).transpose(2, 3, 1, 0).ravel().tolist()]))`;
    const [dtype, shape, largest, back] = JSON.parse(
      execFileSync(python, ['-c', script, file], { encoding: 'utf8' }),
    );
    expect([dtype, shape, largest]).toEqual(['int8', [8, 4, 3, 3], new Array(8).fill(127)]);
    expectClose(back, weights['a/w']?.data ?? [], { rel: 0, abs: 0.5 / 127 + 1e-6 });
  });

  it.skipIf(!checker)(
    `passes the ONNX checker${checker ? '' : ' (skipped: python3-onnx is not installed)'}`,
    () => {
      const file = join(folder, 'model.onnx');
      writeFileSync(file, model);
      const script = `
import json, sys, onnx
model = onnx.load(sys.argv[1])
onnx.checker.check_model(model, full_check=True)
inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True)
print(json.dumps({
  'metadata': {p.key: p.value for p in model.metadata_props},
  'domains': sorted({n.domain for n in model.graph.node}),
  'batch': model.graph.input[0].type.tensor_type.shape.dim[0].dim_param,
  'ops': sorted({n.op_type for n in model.graph.node}),
}))`;
      const told = JSON.parse(execFileSync(python, ['-c', script, file], { encoding: 'utf8' }));
      expect(told.metadata).toEqual({ bands: '["B2","B3"]', model_type: 'Classificator' });
      expect(told.domains).toEqual(['']);
      expect(told.batch).toBe('batch');
      // Only the tiles themselves are transposed.
      expect(told.ops).toEqual(['Add', 'Conv', 'MatMul', 'ReduceMean', 'Relu', 'Softmax', 'Transpose']);
    },
  );

  it.skipIf(!checker)('a whole training step passes the checker', () => {
    const file = join(folder, 'step.onnx');
    writeFileSync(file, writeOnnx(optimize(traceStep(smallStep), { portable: true })));
    const script = 'import sys, onnx; onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)';
    expect(spawnSync(python, ['-c', script, file], { encoding: 'utf8' }).stderr).toBe('');
  });
});
