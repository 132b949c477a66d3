/** How many channels the processor provider's blocked convolution takes at once: 16 with AVX-512, 8 with AVX2 … */
import * as ort from 'onnxruntime-node';
import { emitter, type Node, type Value } from '../graph/graph.ts';
import { writeOnnx } from '../onnx/write.ts';

let known: Promise<number> | undefined;

/** Found by reordering numbered channels and looking where they went; 0 where this build has no such convolution. */
export function channelBlock(): Promise<number> {
  known ??= ask();
  return known;
}

async function ask(): Promise<number> {
  const channels = 64;
  const nodes: Node[] = [];
  const x: Value = { shape: [1, channels, 1, 2], dtype: 'float32' };
  const [y] = emitter(nodes).node('ReorderInput', [x], {}, [{ shape: x.shape }], 'com.microsoft.nchwc');
  if (!y) return 0;
  const model = writeOnnx({
    name: 'block',
    inputs: [{ name: 'x', value: x }],
    outputs: [{ name: 'y', value: y }],
    nodes,
  });
  try {
    const session = await ort.InferenceSession.create(model, { logSeverityLevel: 4, intraOpNumThreads: 1 });
    // Channel c holds c at both pixels: a block of channels comes before the second pixel of the first channel.
    const data = Float32Array.from({ length: channels * 2 }, (_, i) => Math.floor(i / 2));
    const result = await session.run({ x: new ort.Tensor('float32', data, x.shape) });
    await session.release();
    const reordered = result.y?.data as Float32Array;
    const second = reordered.indexOf(0, 1);
    return second > 1 && channels % second === 0 ? second : 0;
  } catch {
    // No such operator in this build: the plain convolution serves.
    return 0;
  }
}
