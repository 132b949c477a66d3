/** Interpolation matrices [to, from] that do what tfjs's resizing kernels do along one axis. */

function scale(from: number, to: number, alignCorners: boolean): number {
  return alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
}

export function bilinearWeights(
  from: number,
  to: number,
  alignCorners: boolean,
  halfPixelCenters: boolean,
): Float32Array {
  const weights = new Float32Array(to * from);
  const step = scale(from, to, alignCorners);
  for (let i = 0; i < to; i++) {
    const at = halfPixelCenters ? step * (i + 0.5) - 0.5 : step * i;
    const low = Math.max(0, Math.floor(at));
    const high = Math.min(from - 1, Math.ceil(at));
    const share = at - low;
    weights[i * from + low] = (weights[i * from + low] ?? 0) + 1 - share;
    weights[i * from + high] = (weights[i * from + high] ?? 0) + share;
  }
  return weights;
}

export function nearestWeights(
  from: number,
  to: number,
  alignCorners: boolean,
  halfPixelCenters: boolean,
): Float32Array {
  const weights = new Float32Array(to * from);
  const step = scale(from, to, alignCorners);
  for (let i = 0; i < to; i++) {
    const at = halfPixelCenters ? step * (i + 0.5) : step * i;
    const nearest = Math.min(from - 1, alignCorners ? Math.round(at) : Math.floor(at));
    weights[i * from + Math.max(0, nearest)] = 1;
  }
  return weights;
}
