import type { BandRole } from '../contract/catalog/sensors.ts';
import type { Composite, SceneBand } from '../contract/scene.ts';

/**
 * Band combinations that show something at once, the best first. Roles decide where they are known; else the first three
 * bands, or three spread over the spectrum when there are many; one band alone is grey.
 */
export function composites(bands: readonly Pick<SceneBand, 'index' | 'role'>[]): Composite[] {
  const found: Composite[] = [];
  const add = (id: string, name: string, roles: readonly [BandRole, BandRole, BandRole]) => {
    const [r, g, b] = roles.map((role) => bands.find((band) => band.role === role)?.index);
    if (r !== undefined && g !== undefined && b !== undefined) found.push({ id, name, bands: [r, g, b] });
  };
  add('true', 'True colour', ['red', 'green', 'blue']);
  add('false', 'False colour (vegetation red)', ['nir', 'red', 'green']);
  add('agriculture', 'Agriculture (SWIR, NIR, blue)', ['swir1', 'nir', 'blue']);
  add('swir', 'Moisture (SWIR, NIR, red)', ['swir2', 'nir', 'red']);
  const powers = bands.filter((band) => band.role === 'power').map((band) => band.index);
  const [first, second, third] = powers;
  if (first !== undefined && second !== undefined && third !== undefined) {
    // Pauli's colours: double bounce red, volume green, surface blue.
    found.push({ id: 'pauli', name: 'Scattering (double, volume, surface)', bands: [second, third, first] });
  } else if (first !== undefined && second !== undefined) {
    found.push({ id: 'dual', name: 'Dual polarisation', bands: [first, second, first] });
  }
  const [one, two, three] = bands.map((band) => band.index);
  if (found.length === 0 && one !== undefined && two !== undefined && three !== undefined) {
    if (bands.length > 12) {
      const at = (share: number) => bands[Math.floor(share * (bands.length - 1))]?.index ?? one;
      found.push({ id: 'spread', name: 'Three bands over the range', bands: [at(0.75), at(0.5), at(0.25)] });
    }
    found.push({ id: 'first', name: `Bands ${one}, ${two}, ${three}`, bands: [one, two, three] });
  }
  if (one !== undefined) found.push({ id: 'grey', name: `Band ${one}, grey`, bands: [one, one, one] });
  return found;
}
