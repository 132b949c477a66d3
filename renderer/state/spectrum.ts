import type { Scene } from '../../electron/contract/scene.ts';

/** The bands of a scene from left to right of a plot: by wavelength where all are known and differ, else by number. */
export function orderBands(scene: Pick<Scene, 'bands'>): readonly {
  readonly name: string;
  readonly x: number /** In the list of the scene, from 0. */;
  readonly at: number;
}[] {
  const wavelengths = scene.bands.every((b) => b.wavelengthNm !== null);
  const listed = scene.bands.map((band, at) => ({
    name: band.name,
    x: (wavelengths ? band.wavelengthNm : null) ?? band.index,
    at,
  }));
  // Bands of several dates share wavelengths: then only their number orders them.
  const distinct = new Set(listed.map((b) => b.x)).size === listed.length;
  return listed.map((b) => ({ ...b, x: distinct ? b.x : b.at + 1 })).sort((a, b) => a.x - b.x);
}
