/** A step or forward function as one ONNX graph on onnxruntime: state goes from outputs back to inputs, where it is. */
import * as ort from 'onnxruntime-node';
import { must } from '../../base/assert.ts';
import { type Clock, systemClock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { Arrays, ForwardSpec, NdArray, StepSpec } from '../../compute/step.ts';
import { writeOnnx } from '../onnx/write.ts';
import { bindWeights } from '../passes/bindWeights.ts';
import { optimize } from '../passes/optimize.ts';
import { traceForward } from '../trace/trace.ts';
import type { DeviceId, RunningForward, RunningStep } from '../types.ts';
import { assertArrays } from './arrays.ts';
import { takeStep } from './graphs.ts';
import { openReader, type Reader } from './readBack.ts';
import { deviceError, openSession } from './session.ts';

export interface CompileOptions {
  readonly device: DeviceId;
  readonly deviceReason: string;
  readonly threads?: number | undefined;
  /** Prefix of onnxruntime's profile file, when one is wanted. */
  readonly profile?: string | undefined;
  readonly clock?: Clock;
}

type Tensors = Record<string, ort.Tensor>;
const onHost = ({ shape, data }: NdArray): ort.Tensor => new ort.Tensor('float32', data, shape);

/** Throws `unsupported` when the step cannot be traced, `device` or `out-of-memory` when the session cannot be had. */
export async function startCompiledStep(
  spec: StepSpec,
  state: Arrays,
  options: CompileOptions,
): Promise<RunningStep> {
  assertArrays(spec.name, 'state', state, spec.state);
  const clock = options.clock ?? systemClock;
  const started = clock.tick();
  const model = writeOnnx(await takeStep(spec, options.device));
  const names = Object.keys(spec.state);
  const session = await openSession(model, { ...options, onDevice: names.map((n) => `next/${n}`) });
  const compileSeconds = (clock.tick() - started) / 1000;

  // Two sets of buffers: a run reads one and writes the other, then they change roles. Nothing is allocated per step.
  let current: Tensors = Object.fromEntries(
    names.map((n) => [n, onHost({ shape: must(state[n], n).shape, data: must(state[n], n).data.slice() })]),
  );
  let spare: Tensors | undefined;
  let lost: AppError | undefined;
  let reader: Reader | undefined;

  return {
    device: options.device,
    deviceReason: options.deviceReason,
    compileSeconds,
    async run(batch, hyper) {
      if (lost) throw lost;
      assertArrays(spec.name, 'batch', batch, spec.batch);
      const feeds: Tensors = {};
      for (const name of names) feeds[`state/${name}`] = must(current[name], name);
      for (const name of Object.keys(spec.batch)) feeds[`batch/${name}`] = onHost(must(batch[name], name));
      for (const name of spec.hyper) {
        const value = hyper[name];
        if (value === undefined) throw new AppError('mismatch', `${spec.name}: hyper '${name}' is missing`);
        feeds[`hyper/${name}`] = new ort.Tensor('float32', Float32Array.of(value), []);
      }
      try {
        const results = await session.run(wantedInputs(session, feeds), fetches(session, spare));
        const previous = current;
        current = Object.fromEntries(names.map((n) => [n, must(results[`next/${n}`], n)]));
        spare = recycle(previous);
        return metricsOf(results);
      } catch (error) {
        lost = deviceError(error, options.device, 'failed while training');
        throw lost;
      }
    },
    async readState() {
      if (lost) throw lost;
      if (Object.values(current).some((t) => t.location !== 'cpu')) {
        reader ??= await openReader(spec.state, options.device);
        return reader.read(current);
      }
      const copies: Arrays = {};
      for (const name of names) {
        const tensor = must(current[name], name);
        copies[name] = {
          shape: must(spec.state[name], name),
          data: Float32Array.from(tensor.data as Float32Array),
        };
      }
      return copies;
    },
    async dispose() {
      for (const tensor of Object.values(current)) release(tensor);
      current = {};
      spare = undefined;
      lost = new AppError('internal', `${spec.name} was disposed`);
      await reader?.dispose();
      await session.release();
    },
  };
}

/** Constant inputs that the graph did not need are not inputs of the session. */
function wantedInputs(session: ort.InferenceSession, feeds: Tensors): Tensors {
  return Object.fromEntries(session.inputNames.map((name) => [name, must(feeds[name], `feed ${name}`)]));
}

function fetches(
  session: ort.InferenceSession,
  spare: Tensors | undefined,
): Record<string, ort.Tensor | null> {
  return Object.fromEntries(
    session.outputNames.map((name) => [
      name,
      name.startsWith('next/') ? (spare?.[name.slice(5)] ?? null) : null,
    ]),
  );
}

/** Host buffers are written again by the next run; device tensors are given back. */
function recycle(tensors: Tensors): Tensors | undefined {
  const host = Object.entries(tensors).filter(([, t]) => t.location === 'cpu');
  for (const tensor of Object.values(tensors)) release(tensor);
  return host.length > 0 ? Object.fromEntries(host) : undefined;
}
function release(tensor: ort.Tensor): void {
  if (tensor.location !== 'cpu') tensor.dispose();
}

function metricsOf(results: ort.InferenceSession.OnnxValueMapType): Arrays {
  const metrics: Arrays = {};
  for (const [name, value] of Object.entries(results)) {
    if (!name.startsWith('metric/')) continue;
    metrics[name.slice(7)] = toArray(value as ort.Tensor);
  }
  return metrics;
}
const toArray = (tensor: ort.Tensor): NdArray => ({
  shape: [...tensor.dims],
  data: Float32Array.from(tensor.data as Float32Array),
});

/** As `startCompiledStep`, with the weights inside the graph. */
export async function startCompiledForward(
  spec: ForwardSpec,
  weights: Arrays,
  options: CompileOptions,
): Promise<RunningForward> {
  assertArrays(spec.name, 'weights', weights, spec.weights);
  const clock = options.clock ?? systemClock;
  const started = clock.tick();
  // With constant weights onnxruntime keeps its blocked layout from layer to layer by itself.
  const graph = optimize(bindWeights(traceForward(spec), weights));
  const session = await openSession(writeOnnx(graph), options);
  const compileSeconds = (clock.tick() - started) / 1000;
  return {
    device: options.device,
    deviceReason: options.deviceReason,
    compileSeconds,
    async run(inputs) {
      assertArrays(spec.name, 'input', inputs, spec.inputs);
      const feeds = Object.fromEntries(
        session.inputNames.map((name) => [name, onHost(must(inputs[name], name))]),
      );
      try {
        const results = await session.run(feeds);
        return Object.fromEntries(
          Object.entries(results).map(([name, tensor]) => [
            name,
            { shape: [...tensor.dims], data: tensor.data as Float32Array },
          ]),
        );
      } catch (error) {
        throw deviceError(error, options.device, 'failed');
      }
    },
    dispose: () => session.release(),
  };
}
