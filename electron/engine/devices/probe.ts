/**
 * Whether a device works, asked in a child process: a native provider that crashes or hangs takes only the child down.
 * The child runs a script from its command line, so that it works from sources and from a bundle alike.
 */
import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { one } from '../graph/emit.ts';
import { emitter, type Node, type Value } from '../graph/graph.ts';
import { writeOnnx } from '../onnx/write.ts';
import type { DeviceId } from '../types.ts';

const { resolve } = createRequire(import.meta.url);

/** Squares a matrix on the provider alone and prints the result. */
const providerScript = `
  const ort = require(process.argv[2]);
  (async () => {
    const session = await ort.InferenceSession.create(Buffer.from(process.argv[4], 'base64'), {
      executionProviders: [{ name: process.argv[3] }], logSeverityLevel: 3 });
    const { y } = await session.run({ x: new ort.Tensor('float32', Float32Array.of(1, 2, 3, 4), [2, 2]) });
    process.send(Array.from(await y.getData()).join(), () => process.exit(0));
  })().catch((error) => { process.send('!' + error.message, () => process.exit(1)); });`;

const packageScript = `
  try {
    const tf = require(process.argv[2]);
    process.send(Array.from(tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[1, 2], [3, 4]])).dataSync()).join(), () => process.exit(0));
  } catch (error) { process.send('!' + error.message, () => process.exit(1)); }`;

const expected = '7,10,15,22';

export type Finding = { readonly works: true } | { readonly works: false; readonly why: string };

function squareModel(): string {
  const nodes: Node[] = [];
  const x: Value = { shape: [2, 2], dtype: 'float32' };
  const y = one(emitter(nodes), 'MatMul', [x, x], [2, 2]);
  const graph = {
    name: 'square',
    inputs: [{ name: 'x', value: x }],
    outputs: [{ name: 'y', value: y }],
    nodes,
  };
  return Buffer.from(writeOnnx(graph)).toString('base64');
}

export const probeProvider = (device: DeviceId, timeoutMs: number): Promise<Finding> =>
  ask(providerScript, [resolve('onnxruntime-node'), device, squareModel()], timeoutMs);

/** Whether a package that brings libtensorflow is installed and works. */
export async function probePackage(name: string, timeoutMs: number): Promise<Finding> {
  let path: string;
  try {
    path = resolve(name);
  } catch {
    return { works: false, why: `${name} is not installed` };
  }
  return ask(packageScript, [path], timeoutMs);
}

function ask(script: string, args: readonly string[], timeoutMs: number): Promise<Finding> {
  return new Promise((settle) => {
    // `fork` and not `spawn`: in Electron it starts Node, not a second app. The module name is not read with -e.
    const child = fork('probe', args, { execArgv: ['-e', script], silent: true });
    let said = '';
    let complaint = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.on('message', (message) => {
      said = String(message);
    });
    child.stderr?.on('data', (chunk) => {
      complaint = `${complaint}${String(chunk)}`.slice(-500);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      settle({ works: false, why: error.message });
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (said === expected) settle({ works: true });
      else if (late) settle({ works: false, why: `no answer within ${timeoutMs / 1000} s` });
      else if (said.startsWith('!')) settle({ works: false, why: firstLine(said.slice(1)) });
      else if (said) settle({ works: false, why: `wrong result ${said}` });
      else settle({ works: false, why: `its process ended with ${signal ?? code}: ${firstLine(complaint)}` });
    });
  });
}

const firstLine = (text: string): string => text.trim().split('\n')[0]?.slice(0, 300) ?? '';
