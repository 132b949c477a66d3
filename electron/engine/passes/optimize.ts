/** The passes in the order that suits them. Each is a function from graph to graph and may be left out. */
import type { Graph } from '../graph/graph.ts';
import { carryBlocks } from './blocks/carryBlocks.ts';
import { fitsBlocks } from './blocks/filterGradient.ts';
import { turnInnermost } from './blocks/turnInnermost.ts';
import { carryBroadcast } from './carryBroadcast.ts';
import { carryLayout } from './carryLayout.ts';
import { commonSubexpressions } from './commonSubexpressions.ts';
import { deadNodes } from './deadNodes.ts';
import { foldTransposes } from './foldTransposes.ts';
import { fuseMatMul } from './fuseMatMul.ts';
import { lowerFilterGradients } from './lowerFilterGradients.ts';

export interface Target {
  /** Standard ONNX operators only. */
  readonly portable?: boolean;
  /** Channels per block of the processor's fast convolution, or 0 (see `run/channelBlock.ts`). */
  readonly channelBlock?: number;
}

export function optimize(graph: Graph, { portable = false, channelBlock = 0 }: Target = {}): Graph {
  const block = portable ? 0 : channelBlock;
  const blocks = [
    (g: Graph) => carryBlocks(g, block),
    commonSubexpressions,
    carryLayout,
    (g: Graph) => turnInnermost(g, block),
    commonSubexpressions,
  ];
  const passes = [
    deadNodes,
    (g: Graph) => lowerFilterGradients(g, (node) => block > 0 && fitsBlocks(node, block)),
    carryBroadcast,
    commonSubexpressions,
    carryLayout,
    commonSubexpressions,
    ...(block > 0 ? blocks : []),
    foldTransposes,
    ...(portable ? [] : [fuseMatMul]),
    deadNodes,
  ];
  return passes.reduce((g, pass) => pass(g), graph);
}
