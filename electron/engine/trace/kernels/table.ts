/** All kernels that the compiled engine knows. A new one is a line in one of these tables and a case in the test. */
import type { KernelTable } from '../kernel.ts';
import { compareKernels } from './compare.ts';
import { convKernels } from './conv.ts';
import { elementwiseKernels } from './elementwise.ts';
import { gatherKernels } from './gather.ts';
import { matmulKernels } from './matmul.ts';
import { poolKernels } from './pool.ts';
import { reduceKernels } from './reduce.ts';
import { shapeKernels } from './shape.ts';

export const kernels: KernelTable = {
  ...elementwiseKernels,
  ...compareKernels,
  ...reduceKernels,
  ...shapeKernels,
  ...gatherKernels,
  ...matmulKernels,
  ...convKernels,
  ...poolKernels,
};
