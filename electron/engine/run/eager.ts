/** The same step or forward function, run operation by operation on a tfjs backend: the last resort, and the oracle. */
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { must } from '../../base/assert.ts';
import { AppError } from '../../base/errors.ts';
import type { Arrays, ForwardSpec, NdArray, StepSpec, Tree } from '../../compute/step.ts';
import { packageNames } from '../devices/packages.ts';
import type { DeviceId, RunningForward, RunningStep } from '../types.ts';
import { assertArrays } from './arrays.ts';
import { deviceError } from './session.ts';

export interface EagerOptions {
  readonly device: DeviceId;
  readonly deviceReason: string;
}

const resolve = createRequire(import.meta.url).resolve;

/** Loads the device's tfjs backend once and makes it current. Throws `device` when it cannot be had. */
async function useBackend(device: DeviceId): Promise<void> {
  const name = device === 'tfjs-cpu' ? 'cpu' : device;
  if (tf.engine().registryFactory[name] === undefined) await load(device);
  let ready = false;
  try {
    ready = await tf.setBackend(name);
  } catch (error) {
    throw deviceError(error, device, 'could not be started');
  }
  if (!ready) throw new AppError('device', `The device ${device} could not be started`, { subject: device });
}

async function load(device: DeviceId): Promise<void> {
  if (device === 'tfjs-cpu') {
    await import('@tensorflow/tfjs-backend-cpu');
  } else if (device === 'wasm') {
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(join(dirname(resolve('@tensorflow/tfjs-backend-wasm')), sep));
  } else {
    for (const name of packageNames) {
      try {
        await import(name);
        return;
      } catch {
        // The next one, or the error below: the reason is in the device report.
      }
    }
    throw new AppError('device', `Neither ${packageNames.join(' nor ')} can be loaded`, {
      subject: device,
      remedy: 'Install one of them, or choose another device.',
    });
  }
}

const onDevice = ({ shape, data }: NdArray): Tensor => tf.tensor(data, [...shape], 'float32');
const allOnDevice = (arrays: Arrays, names: readonly string[]): Tree =>
  Object.fromEntries(names.map((name) => [name, onDevice(must(arrays[name], name))]));

async function toArrays(tree: Tree): Promise<Arrays> {
  const arrays: Arrays = {};
  for (const [name, tensor] of Object.entries(tree)) {
    arrays[name] = { shape: tensor.shape, data: Float32Array.from(await tensor.data()) };
  }
  return arrays;
}
/** Clones own their handle, so that a tensor returned twice, or returned as it came, can be disposed of once each. */
const own = (tree: Tree): Tree =>
  Object.fromEntries(Object.entries(tree).map(([name, t]) => [name, tf.clone(tf.cast(t, 'float32'))]));

/** Throws `unsupported` when the backend lacks a kernel, `out-of-memory` or `device` when it fails. */
function eagerError(error: unknown, name: string, device: DeviceId): AppError {
  const message = error instanceof Error ? error.message : String(error);
  return /kernel '|not yet (implemented|supported)/i.test(message)
    ? new AppError('unsupported', `Cannot run ${name} on ${device}: ${message}`, {
        subject: device,
        remedy: 'Choose the device `cpu`.',
        cause: error,
      })
    : deviceError(error, device, `failed in ${name}`);
}

export async function startEagerStep(
  spec: StepSpec,
  state: Arrays,
  options: EagerOptions,
): Promise<RunningStep> {
  assertArrays(spec.name, 'state', state, spec.state);
  const { device, deviceReason } = options;
  await useBackend(device);
  const names = Object.keys(spec.state);
  let current = allOnDevice(state, names);
  return {
    device,
    deviceReason,
    compileSeconds: 0,
    async run(batch, hyper) {
      assertArrays(spec.name, 'batch', batch, spec.batch);
      await useBackend(device);
      try {
        const result = tf.tidy(() => {
          const scalars: Tree = {};
          for (const name of spec.hyper) {
            const value = hyper[name];
            if (value === undefined)
              throw new AppError('mismatch', `${spec.name}: hyper '${name}' is missing`);
            scalars[name] = tf.scalar(value);
          }
          const done = spec.run(current, allOnDevice(batch, Object.keys(spec.batch)), scalars);
          const next: Tree = Object.fromEntries(
            names.map((n) => [n, must(done.state[n], `next state ${n}`)]),
          );
          return { state: own(next), metrics: own(done.metrics) };
        });
        tf.dispose(current);
        current = result.state;
        const metrics = await toArrays(result.metrics);
        tf.dispose(result.metrics);
        return metrics;
      } catch (error) {
        throw eagerError(error, spec.name, device);
      }
    },
    readState: () => toArrays(current),
    async dispose() {
      tf.dispose(current);
      current = {};
    },
  };
}

export async function startEagerForward(
  spec: ForwardSpec,
  weights: Arrays,
  options: EagerOptions,
): Promise<RunningForward> {
  assertArrays(spec.name, 'weights', weights, spec.weights);
  const { device, deviceReason } = options;
  await useBackend(device);
  let held = allOnDevice(weights, Object.keys(spec.weights));
  return {
    device,
    deviceReason,
    compileSeconds: 0,
    async run(inputs) {
      assertArrays(spec.name, 'input', inputs, spec.inputs);
      await useBackend(device);
      try {
        const outputs = tf.tidy(() => own(spec.run(held, allOnDevice(inputs, Object.keys(spec.inputs)))));
        const arrays = await toArrays(outputs);
        tf.dispose(outputs);
        return arrays;
      } catch (error) {
        throw eagerError(error, spec.name, device);
      }
    },
    async dispose() {
      tf.dispose(held);
      held = {};
    },
  };
}
