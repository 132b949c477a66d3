/** Learning rate by step: plain numbers, so that a run resumes at any step without remembering anything. */

export interface Cosine {
  readonly peak: number;
  /** Steps of linear rise from zero. */
  readonly warmup: number;
  readonly total: number;
  /** Share of the peak that the cosine ends at. */
  readonly end: number;
}

/**
 * Linear warm-up, then half a cosine from the peak down to `end`·peak (Loshchilov and Hutter 2017), as in Barlow Twins
 * and VICReg: step `warmup` has the peak, step `total` would have the end.
 */
export function cosineRate({ peak, warmup, total, end }: Cosine, step: number): number {
  if (step < warmup) return (peak * step) / warmup;
  const along = (step - warmup) / Math.max(1, total - warmup);
  const share = 0.5 * (1 + Math.cos(Math.PI * Math.min(1, along)));
  return peak * (share + end * (1 - share));
}
