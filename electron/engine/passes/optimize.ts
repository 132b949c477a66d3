/** The passes in the order that suits them. Each is a function from graph to graph and may be left out. */
import type { Graph } from '../graph/graph.ts';
import { carryBroadcast } from './carryBroadcast.ts';
import { carryLayout } from './carryLayout.ts';
import { commonSubexpressions } from './commonSubexpressions.ts';
import { deadNodes } from './deadNodes.ts';
import { foldTransposes } from './foldTransposes.ts';
import { fuseMatMul } from './fuseMatMul.ts';

/** `portable` graphs hold standard ONNX operators only. */
export function optimize(graph: Graph, { portable = false }: { portable?: boolean } = {}): Graph {
  const passes = [
    deadNodes,
    carryBroadcast,
    commonSubexpressions,
    carryLayout,
    commonSubexpressions,
    ...(portable ? [foldTransposes] : [fuseMatMul]),
    deadNodes,
  ];
  return passes.reduce((g, pass) => pass(g), graph);
}
