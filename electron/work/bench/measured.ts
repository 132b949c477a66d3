import type { BenchFigures } from '../../contract/bench.ts';

/** What a case tells; the rest follows. */
export type Measured = Omit<BenchFigures, 'name' | 'matmulGflops' | 'shareOfMatmul' | 'profile'>;

/** Few, since a step of the largest case takes seconds: figures of one run differ by some per cent from the next. */
export const timed = { runs: 3, warm: 1 } as const;
