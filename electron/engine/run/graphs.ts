/** The graph of a step for a device. What an estimate has drawn, the start that follows need not draw again. */
import type { StepSpec } from '../../compute/step.ts';
import type { Graph } from '../graph/graph.ts';
import { optimize } from '../passes/optimize.ts';
import { traceStep } from '../trace/trace.ts';
import type { DeviceId } from '../types.ts';
import { channelBlock } from './channelBlock.ts';

const drawn = new WeakMap<StepSpec, { readonly block: number; readonly graph: Graph }>();

/** Throws `unsupported` when the step cannot be traced. */
export async function drawStep(spec: StepSpec, device: DeviceId): Promise<Graph> {
  const block = device === 'cpu' ? await channelBlock() : 0;
  const known = drawn.get(spec);
  if (known?.block === block) return known.graph;
  const graph = optimize(traceStep(spec), { channelBlock: block });
  drawn.set(spec, { block, graph });
  return graph;
}

/** As `drawStep`, for the one who runs it: it is not kept any longer, for it is large. */
export async function takeStep(spec: StepSpec, device: DeviceId): Promise<Graph> {
  const graph = await drawStep(spec, device);
  drawn.delete(spec);
  return graph;
}
