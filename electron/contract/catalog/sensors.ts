/** Sensor cards: what the bands of a file are, when the file does not say it itself, and how it is best looked at. */
import type { DataKind } from './augmentations/card.ts';

export const bandRoles = [
  'coastal',
  'blue',
  'green',
  'yellow',
  'red',
  'rededge',
  'nir',
  'water-vapour',
  'cirrus',
  'swir1',
  'swir2',
  'power',
  'cross',
] as const;
export type BandRole = (typeof bandRoles)[number];

export interface SensorBand {
  readonly name: string;
  /** null for a wavelength that no index or composite asks for. */
  readonly role: BandRole | null;
  /** Centre, nanometres; null for radar. */
  readonly wavelengthNm: number | null;
}
/** Reflectance = scale · stored, and + offset since a processing baseline (or, where none is stated, a date). */
export interface Reflectance {
  readonly scale: number;
  readonly offset: number;
  readonly baseline: number;
  readonly since: string;
}
export interface SensorCard {
  readonly id: string;
  readonly name: string;
  readonly data: DataKind;
  /** Empty: any number of them, which mean what their wavelengths say. */
  readonly bands: readonly SensorBand[];
  /** How whole numbers in its files become reflectance. */
  readonly reflectance?: Reflectance;
  /** Band names of a file of this sensor, in lower case, whatever is before and after them. */
  readonly recognise?: RegExp;
}

const s2 = {
  B01: { name: 'B01', role: 'coastal', wavelengthNm: 443 },
  B02: { name: 'B02', role: 'blue', wavelengthNm: 490 },
  B03: { name: 'B03', role: 'green', wavelengthNm: 560 },
  B04: { name: 'B04', role: 'red', wavelengthNm: 665 },
  B05: { name: 'B05', role: 'rededge', wavelengthNm: 705 },
  B06: { name: 'B06', role: 'rededge', wavelengthNm: 740 },
  B07: { name: 'B07', role: 'rededge', wavelengthNm: 783 },
  B08: { name: 'B08', role: 'nir', wavelengthNm: 842 },
  B8A: { name: 'B8A', role: 'nir', wavelengthNm: 865 },
  B09: { name: 'B09', role: 'water-vapour', wavelengthNm: 945 },
  B10: { name: 'B10', role: 'cirrus', wavelengthNm: 1375 },
  B11: { name: 'B11', role: 'swir1', wavelengthNm: 1610 },
  B12: { name: 'B12', role: 'swir2', wavelengthNm: 2190 },
} as const satisfies Record<string, SensorBand>;

/** Sentinel-2 Products Specification, 14.9 and later: QUANTIFICATION_VALUE 10000, RADIO_ADD_OFFSET and BOA_ADD_OFFSET −1000. */
const s2Reflectance: Reflectance = { scale: 1e-4, offset: -0.1, baseline: 4, since: '2022-01-25' };

const band = (name: string, role: BandRole | null, wavelengthNm: number | null): SensorBand => ({
  name,
  role,
  wavelengthNm,
});

/** In the order of guessing: of two sensors with one number of bands, the commoner comes first. */
export const sensorCards: readonly SensorCard[] = [
  {
    id: 'sentinel-2-l1c',
    name: 'Sentinel-2 L1C, 13 bands',
    data: 'optical',
    reflectance: s2Reflectance,
    bands: [
      ...[s2.B01, s2.B02, s2.B03, s2.B04, s2.B05, s2.B06, s2.B07],
      ...[s2.B08, s2.B8A, s2.B09, s2.B10, s2.B11, s2.B12],
    ],
  },
  {
    id: 'sentinel-2-l2a',
    name: 'Sentinel-2 L2A, 12 bands',
    data: 'optical',
    reflectance: s2Reflectance,
    bands: [
      ...[s2.B01, s2.B02, s2.B03, s2.B04, s2.B05, s2.B06, s2.B07],
      ...[s2.B08, s2.B8A, s2.B09, s2.B11, s2.B12],
    ],
  },
  {
    id: 'sentinel-2-10',
    name: 'Sentinel-2, 10 bands of 10 and 20 m',
    data: 'optical',
    reflectance: s2Reflectance,
    bands: [s2.B02, s2.B03, s2.B04, s2.B05, s2.B06, s2.B07, s2.B08, s2.B8A, s2.B11, s2.B12],
  },
  {
    id: 'polsar-t3',
    name: 'Polarimetric radar, coherency matrix T3',
    data: 'radar',
    recognise: /^t(11|22|33|1[23]|23)/,
    bands: [
      ...['T11', 'T22', 'T33'].map((name) => band(name, 'power', null)),
      ...['T12', 'T13', 'T23'].flatMap((name) => [
        band(`${name}_real`, 'cross', null),
        band(`${name}_imag`, 'cross', null),
      ]),
    ],
  },
  {
    id: 'planetscope-8',
    name: 'PlanetScope SuperDove, 8 bands',
    data: 'optical',
    bands: [
      band('Coastal blue', 'coastal', 443),
      band('Blue', 'blue', 490),
      band('Green I', 'green', 531),
      band('Green', 'green', 565),
      band('Yellow', 'yellow', 610),
      band('Red', 'red', 665),
      band('Red edge', 'rededge', 705),
      band('NIR', 'nir', 865),
    ],
  },
  {
    id: 'landsat-8',
    name: 'Landsat 8 and 9, 7 bands',
    data: 'optical',
    recognise: /sr_b[1-7]/,
    bands: [
      band('Coastal', 'coastal', 443),
      band('Blue', 'blue', 482),
      band('Green', 'green', 561),
      band('Red', 'red', 655),
      band('NIR', 'nir', 865),
      band('SWIR 1', 'swir1', 1609),
      band('SWIR 2', 'swir2', 2201),
    ],
  },
  {
    id: 'landsat-5',
    name: 'Landsat 4, 5 and 7, 6 bands',
    data: 'optical',
    bands: [
      band('Blue', 'blue', 485),
      band('Green', 'green', 560),
      band('Red', 'red', 660),
      band('NIR', 'nir', 830),
      band('SWIR 1', 'swir1', 1650),
      band('SWIR 2', 'swir2', 2215),
    ],
  },
  {
    id: 'modis',
    name: 'MODIS, 7 land bands',
    data: 'optical',
    bands: [
      band('sur_refl_b01', 'red', 645),
      band('sur_refl_b02', 'nir', 859),
      band('sur_refl_b03', 'blue', 469),
      band('sur_refl_b04', 'green', 555),
      band('sur_refl_b05', null, 1240),
      band('sur_refl_b06', 'swir1', 1640),
      band('sur_refl_b07', 'swir2', 2130),
    ],
  },
  {
    id: 'hyperspectral',
    name: 'Hyperspectral, bands by wavelength',
    data: 'optical',
    bands: [],
  },
  {
    id: 'planetscope-4',
    name: 'PlanetScope, 4 bands',
    data: 'optical',
    bands: [
      band('Blue', 'blue', 490),
      band('Green', 'green', 565),
      band('Red', 'red', 665),
      band('NIR', 'nir', 865),
    ],
  },
  {
    id: 'rgb-nir',
    name: 'Red, green, blue, near infrared',
    data: 'optical',
    bands: [
      band('Red', 'red', 665),
      band('Green', 'green', 560),
      band('Blue', 'blue', 490),
      band('NIR', 'nir', 842),
    ],
  },
  {
    id: 'rgb',
    name: 'Red, green, blue',
    data: 'optical',
    bands: [band('Red', 'red', 665), band('Green', 'green', 560), band('Blue', 'blue', 490)],
  },
  {
    id: 'sentinel-1',
    name: 'Sentinel-1, VV and VH',
    data: 'radar',
    recognise: /^(vv|vh|hh|hv)/,
    bands: [band('VV', 'power', null), band('VH', 'power', null)],
  },
];

export function sensorCard(id: string): SensorCard | undefined {
  return sensorCards.find((card) => card.id === id);
}

/**
 * The sensor that a file's own band names tell; undefined when they tell nothing. Numbers of bands alone are not
 * trusted: a false name on a band misleads more than none.
 */
export function recogniseSensor(bandNames: readonly (string | null)[]): SensorCard | undefined {
  const names = bandNames.map((name) => name?.toLowerCase().trim() ?? '');
  return sensorCards.find(
    (card) =>
      card.bands.length === names.length &&
      names.every((name, i) => {
        const expected = card.bands[i]?.name.toLowerCase() ?? '';
        return (
          name !== '' && (name === expected || name.endsWith(expected) || card.recognise?.test(name) === true)
        );
      }),
  );
}
