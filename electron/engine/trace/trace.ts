/** Runs a step or forward function once on symbols, and returns the graph it drew. */
import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '../../base/errors.ts';
import type { ForwardSpec, Shapes, StepSpec, Tree } from '../../compute/step.ts';
import {
  emitter,
  type Graph,
  type Node,
  type Port,
  type Shape,
  sameShape,
  type Value,
} from '../graph/graph.ts';
import { backendName, registerKernels, SymbolicBackend } from './backend.ts';
import { kernels } from './kernels/table.ts';

/** Graph names: `state/NAME` and `next/NAME`, `batch/NAME`, `hyper/NAME`, `metric/NAME`. */
export function traceStep(spec: StepSpec): Graph {
  return trace(spec.name, (input) => {
    const state = inputs(spec.state, 'state', input);
    const hyper = Object.fromEntries(
      spec.hyper.map((name): [string, tf.Tensor] => [name, input(`hyper/${name}`, [])]),
    );
    const result = spec.run(state, inputs(spec.batch, 'batch', input), hyper);
    const outputs = new Map<string, tf.Tensor>();
    for (const [name, shape] of Object.entries(spec.state)) {
      const next = result.state[name];
      if (!next || !sameShape(next.shape, shape)) {
        throw new AppError(
          'internal',
          `${spec.name} returns state '${name}' with shape ${next ? `[${next.shape}]` : 'none'}, not [${shape}]`,
        );
      }
      outputs.set(`next/${name}`, next);
    }
    for (const [name, metric] of Object.entries(result.metrics)) outputs.set(`metric/${name}`, metric);
    return outputs;
  });
}

/** Graph names: weights, inputs and outputs under their own names, weights prefixed `weights/`. */
export function traceForward(spec: ForwardSpec): Graph {
  return trace(spec.name, (input) => {
    const weights = inputs(spec.weights, 'weights', input);
    const given: Tree = {};
    for (const [name, shape] of Object.entries(spec.inputs)) given[name] = input(name, shape);
    return new Map(Object.entries(spec.run(weights, given)));
  });
}

function inputs(shapes: Shapes, prefix: string, input: (name: string, shape: Shape) => tf.Tensor): Tree {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, input(`${prefix}/${name}`, shape)]),
  );
}

function trace(
  name: string,
  draw: (input: (name: string, shape: Shape) => tf.Tensor) => ReadonlyMap<string, tf.Tensor>,
): Graph {
  registerKernels(kernels);
  const nodes: Node[] = [];
  const ports: Port[] = [];
  const backend = new SymbolicBackend(name, emitter(nodes));
  const engine = tf.engine();
  // `backendName` is empty when no backend was chosen yet; asking through tf.getBackend would initialise one.
  const previous = engine.backendName as string | null;
  const outputs: Port[] = [];
  tf.registerBackend(backendName, () => backend);
  try {
    useNow(backendName);
    tf.tidy(() => {
      const drawn = draw((port, shape) => {
        const value: Value = { shape, dtype: 'float32' };
        ports.push({ name: port, value });
        return backend.tensor(value);
      });
      for (const [port, tensor] of drawn) {
        // Whatever a function returns leaves as float32, like every array outside the engine.
        outputs.push({ name: port, value: backend.symbolOf(tf.cast(tensor, 'float32')) });
      }
    });
  } catch (error) {
    // What the tape saved for the backward pass that never came.
    for (const node of engine.state.activeTape ?? []) for (const saved of node.saved ?? []) saved.dispose();
    throw error;
  } finally {
    tf.removeBackend(backendName);
    if (previous) useNow(previous);
  }
  return { name, inputs: ports, outputs, nodes };
}

/** Backends that exist already are switched to before the promise returns. */
function useNow(name: string): void {
  void tf.engine().setBackend(name);
}
