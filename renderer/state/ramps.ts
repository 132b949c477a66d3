/** Colours from low to high, `#rrggbb`, in perceptual order and readable without colour vision. */
export const ramps = {
  /** Viridis (van der Walt and Smith 2015). */
  viridis: ['#440154', '#3b528b', '#21918c', '#5ec962', '#fde725'],
  /** ColorBrewer's BrBG. */
  soil: ['#8c510a', '#dfc27d', '#f5f5f5', '#80cdc1', '#01665e'],
  grey: ['#000000', '#404040', '#808080', '#c0c0c0', '#ffffff'],
} as const;
export type RampId = keyof typeof ramps;
export const rampIds = Object.keys(ramps) as readonly RampId[];

/** Red, green and blue (0…255) at a share of a ramp. */
export function rampAt(colors: readonly string[], share: number): [number, number, number] {
  const at = Math.min(1, Math.max(0, share)) * (colors.length - 1);
  const low = Number.parseInt(colors[Math.floor(at)]?.slice(1) ?? '0', 16);
  const high = Number.parseInt(colors[Math.ceil(at)]?.slice(1) ?? '0', 16);
  const mix = (shift: number) => {
    const [a, b] = [(low >> shift) & 255, (high >> shift) & 255];
    return Math.round(a + (b - a) * (at - Math.floor(at)));
  };
  return [mix(16), mix(8), mix(0)];
}
