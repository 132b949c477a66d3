/** What a step takes of memory before it is started: sums over its tensors, and three facts measured of onnxruntime. */
import type { Shapes } from '../../compute/step.ts';
import { type Graph, sizeOf } from '../graph/graph.ts';
import { peakBytes } from '../graph/memory.ts';
import type { DeviceId } from '../types.ts';
import { keepsState } from './session.ts';

/** A session, its threads and its optimizer's leavings; and what each node adds (ResNet-18: 70 MiB for 4300 nodes). */
const sessionBytes = 45 * 2 ** 20;
const bytesPerNode = 11 * 1024;
/**
 * The arena holds so much more than the tensors: holes, packed weights, reorders. It does so twice, because the first
 * run takes tensor by tensor and the second, which knows the pattern, one block beside them.
 */
const arenaSpread = 1.25;
const arenaTimes = 2;

export interface MemoryNeeds {
  /** In the processor's memory. */
  readonly host: number;
  /** In the memory of the device, where it has its own; 0 where it shares the processor's. */
  readonly device: number;
}

const bytesIn = (shapes: Shapes): number =>
  4 * Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0);

/** Bytes that a step takes at its peak, beside the process as it is and the arrays that are handed in. */
export function memoryNeeds(graph: Graph, state: Shapes, device: DeviceId): MemoryNeeds {
  const fixed = sessionBytes + bytesPerNode * graph.nodes.length;
  const tensors = arenaSpread * peakBytes(graph);
  // Two sets of buffers, which change roles with every step.
  const kept = 2 * bytesIn(state);
  return keepsState(device)
    ? { host: fixed + bytesIn(state), device: tensors + kept }
    : { host: fixed + arenaTimes * tensors + kept, device: 0 };
}
