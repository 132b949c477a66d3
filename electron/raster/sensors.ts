import {
  type BandRole,
  recogniseSensor,
  type SensorBand,
  type SensorCard,
  sensorCard,
  sensorCards,
} from '../contract/catalog/sensors.ts';
import type { BandInfo } from './types.ts';

type NamedBand = Pick<BandInfo, 'name' | 'wavelengthNm'>;

/** What may be said about one band once its sensor is known. */
export interface BandMeaning {
  readonly role: BandRole | null;
  readonly wavelengthNm: number | null;
  /** From 0: which date of a stack the band belongs to. */
  readonly date: number;
}

/** Words of metadata and file names that name a sensor; the number of bands chooses among its cards. */
const words: readonly { readonly pattern: RegExp; readonly cards: readonly string[] }[] = [
  {
    pattern: /sentinel-?2|\bs2[abc]_?msi|msil1c/i,
    cards: ['sentinel-2-l1c', 'sentinel-2-l2a', 'sentinel-2-10'],
  },
  { pattern: /sentinel-?1|\bs1[abc]_/i, cards: ['sentinel-1'] },
  { pattern: /landsat.?[89]|\blc0[89]_/i, cards: ['landsat-8'] },
  { pattern: /landsat.?[457]|\bl[te]0[457]_/i, cards: ['landsat-5'] },
  { pattern: /modis|\bm[oyc]d(09|13|43)/i, cards: ['modis'] },
  { pattern: /planetscope|superdove|\bpsb?\.?(sd|2)|analyticms/i, cards: ['planetscope-8', 'planetscope-4'] },
];

/** Bands from which a spectrum is finely cut rather than a choice of windows. */
const fewestHyperspectral = 30;

/**
 * The sensor that band names, metadata or the file's name tell (an id of the catalogue), also for a stack of several
 * dates of it; null when nothing does. The number of bands alone never decides.
 */
export function guessSensor(raster: {
  readonly path: string;
  readonly bands: readonly NamedBand[];
  readonly metadata: Readonly<Record<string, string>>;
}): string | null {
  const names = raster.bands.map((band) => band.name);
  for (const dates of stackDepths(names.length)) {
    const card = recogniseSensor(names.slice(0, names.length / dates));
    if (card && repeats(names, card)) return card.id;
  }
  const file = raster.path.split(/[\\/]/).pop() ?? '';
  const text = `${file} ${Object.values(raster.metadata).join(' ').slice(0, 4096)}`;
  for (const { pattern, cards } of words) {
    if (!pattern.test(text)) continue;
    const fitting = cards.find((id) => sensorCard(id)?.bands.length === names.length);
    if (fitting) return fitting;
  }
  const stated = raster.bands.filter(({ wavelengthNm }) => wavelengthNm !== null).length;
  return stated === names.length && stated >= fewestHyperspectral ? 'hyperspectral' : null;
}

/**
 * Role, wavelength and date of every band: from the sensor's card (the bands of a stack follow date by date), else
 * from the band's own name or wavelength.
 */
export function bandMeanings(bands: readonly NamedBand[], sensor: string | null): BandMeaning[] {
  const card = sensor === null ? undefined : sensorCard(sensor);
  const fits = card && card.bands.length > 0 && bands.length % card.bands.length === 0;
  const perDate = fits ? card.bands.length : bands.length;
  return bands.map((band, i) => {
    const own = perDate === card?.bands.length ? card.bands[i % perDate] : namedBand(band.name);
    const wavelengthNm = band.wavelengthNm ?? own?.wavelengthNm ?? null;
    return {
      role: own?.role ?? roleOfWavelength(band.wavelengthNm),
      wavelengthNm,
      date: Math.floor(i / perDate),
    };
  });
}

/** Role of a centre wavelength, by the windows that Sentinel-2 and Landsat share; null between them. */
export function roleOfWavelength(nm: number | null): BandRole | null {
  if (nm === null) return null;
  const windows: readonly (readonly [BandRole, number, number])[] = [
    ['coastal', 430, 452],
    ['blue', 452, 515],
    ['green', 525, 590],
    ['yellow', 590, 625],
    ['red', 630, 690],
    ['rededge', 695, 785],
    ['nir', 785, 900],
    ['water-vapour', 930, 955],
    ['cirrus', 1360, 1390],
    ['swir1', 1550, 1750],
    ['swir2', 2080, 2350],
  ];
  return windows.find(([, low, high]) => nm >= low && nm <= high)?.[0] ?? null;
}

/** A band whose own name is that of a catalogue band (`B04`, `s0_B04`, `Red`), when the name is not ambiguous. */
function namedBand(name: string | null): SensorBand | undefined {
  const word = name?.toLowerCase().trim();
  if (!word) return undefined;
  const found = sensorCards.flatMap((card) => card.bands.filter((band) => isNamed(word, band.name)));
  const first = found[0];
  return first && found.every((band) => band.role === first.role) ? first : undefined;
}

function isNamed(word: string, bandName: string): boolean {
  const expected = bandName.toLowerCase();
  return word === expected || word.endsWith(`_${expected}`) || word.endsWith(` ${expected}`);
}

function repeats(names: readonly (string | null)[], card: SensorCard): boolean {
  return names.every((name, i) =>
    name
      ?.toLowerCase()
      .trim()
      .endsWith((card.bands[i % card.bands.length]?.name ?? '').toLowerCase()),
  );
}

/** Numbers of dates that `count` bands may be a stack of, one date first. */
function stackDepths(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1).filter((dates) => count % dates === 0);
}
