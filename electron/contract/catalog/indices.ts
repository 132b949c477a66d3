import type { BandRole } from './sensors.ts';

/** A spectral index as a formula of reflectances (0 to 1) by band role. */
export interface SpectralIndex {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly BandRole[];
  readonly formula: string;
  /** What it is drawn over at first: the values that land has. */
  readonly range: readonly [number, number];
  /** Reflectances in the order of `roles`; not finite where the denominator is zero. */
  readonly compute: (values: readonly number[]) => number;
}

const ratio = ([a = 0, b = 0]: readonly number[]) => (a - b) / (a + b);

/**
 * The usual set for crops. NDVI Rouse et al. 1974, GNDVI Gitelson et al. 1996, NDRE Barnes et al. 2000, NDWI McFeeters
 * 1996, NDMI Gao 1996, NBR García and Caselles 1991, SAVI Huete 1988, EVI Huete et al. 2002.
 */
export const spectralIndices: readonly SpectralIndex[] = [
  {
    id: 'ndvi',
    name: 'NDVI',
    roles: ['nir', 'red'],
    formula: '(NIR − R) / (NIR + R)',
    range: [-0.1, 0.9],
    compute: ratio,
  },
  {
    id: 'ndre',
    name: 'NDRE',
    roles: ['nir', 'rededge'],
    formula: '(NIR − RE) / (NIR + RE)',
    range: [-0.1, 0.6],
    compute: ratio,
  },
  {
    id: 'gndvi',
    name: 'GNDVI',
    roles: ['nir', 'green'],
    formula: '(NIR − G) / (NIR + G)',
    range: [-0.1, 0.8],
    compute: ratio,
  },
  {
    id: 'ndwi',
    name: 'NDWI',
    roles: ['green', 'nir'],
    formula: '(G − NIR) / (G + NIR)',
    range: [-0.8, 0.4],
    compute: ratio,
  },
  {
    id: 'ndmi',
    name: 'NDMI',
    roles: ['nir', 'swir1'],
    formula: '(NIR − S1) / (NIR + S1)',
    range: [-0.4, 0.6],
    compute: ratio,
  },
  {
    id: 'nbr',
    name: 'NBR',
    roles: ['nir', 'swir2'],
    formula: '(NIR − S2) / (NIR + S2)',
    range: [-0.4, 0.8],
    compute: ratio,
  },
  {
    id: 'evi',
    name: 'EVI',
    roles: ['nir', 'red', 'blue'],
    formula: '2.5 (NIR − R) / (NIR + 6 R − 7.5 B + 1)',
    range: [-0.1, 0.8],
    compute: ([nir = 0, red = 0, blue = 0]) => (2.5 * (nir - red)) / (nir + 6 * red - 7.5 * blue + 1),
  },
  {
    id: 'savi',
    name: 'SAVI',
    roles: ['nir', 'red'],
    formula: '1.5 (NIR − R) / (NIR + R + 0.5)',
    range: [-0.1, 0.8],
    compute: ([nir = 0, red = 0]) => (1.5 * (nir - red)) / (nir + red + 0.5),
  },
];

/** The indices that a raster's roles allow, each with the bands (from 1) that its formula takes. */
export function availableIndices(
  roles: readonly (string | null)[],
): { index: SpectralIndex; bands: number[] }[] {
  return spectralIndices.flatMap((index) => {
    const bands = index.roles.map((role) => roles.indexOf(role) + 1);
    return bands.every((band) => band > 0) ? [{ index, bands }] : [];
  });
}
