/**
 * From stored numbers to what was measured. Which scale and offset a scene has is decided once, when it joins a
 * project; everything that learns or predicts then reads the scene in physical units.
 */
import { must } from '../base/assert.ts';
import { type Reflectance, sensorCard } from '../contract/catalog/sensors.ts';
import type { SceneSource } from '../contract/jobs.ts';
import type { BandUnits } from '../contract/scene.ts';
import { computeStatistics } from '../raster/statistics.ts';
import type { PixelArray, RasterInfo, RasterReader, WindowPixels } from '../raster/types.ts';
import { openSource } from './source.ts';

const asStored: BandUnits = { scale: 1, offset: 0 };

export interface UnitFacts {
  readonly sensor: string | null;
  /** YYYY-MM-DD. */
  readonly date: string | null;
  /** What the user says counts before all else. */
  readonly scale?: number | undefined;
  readonly offset?: number | undefined;
}

/**
 * Units per band: what the user says, else what the file says of each band, else the sensor's preset for whole
 * numbers. null where stored numbers are used as they are. Errors: those of reading.
 */
export async function decideUnits(reader: RasterReader, facts: UnitFacts): Promise<BandUnits[] | null> {
  const { bands } = reader.info;
  const stated = bands.map(({ scale, offset }): BandUnits => ({ scale, offset }));
  const preset = facts.sensor === null ? undefined : sensorCard(facts.sensor)?.reflectance;
  const found = stated.some(isChange) ? stated : bands.map(await presetUnits(reader, preset, facts.date));
  const units = found.map(({ scale, offset }) => ({
    scale: facts.scale ?? scale,
    offset: facts.offset ?? offset,
  }));
  return units.some(isChange) ? units : null;
}

const isChange = ({ scale, offset }: BandUnits) => scale !== 1 || offset !== 0;

async function presetUnits(
  reader: RasterReader,
  preset: Reflectance | undefined,
  date: string | null,
): Promise<() => BandUnits> {
  const { info } = reader;
  const isNumber = info.bands.every(({ dtype }) => /^u?int(16|32)$/.test(dtype));
  if (!preset || !isNumber) return () => asStored;
  const baseline = baselineOf(info);
  const hasOffset =
    baseline === null
      ? date !== null && date >= preset.since && (await isRaised(reader, preset))
      : baseline >= preset.baseline;
  return () => ({ scale: preset.scale, offset: hasOffset ? preset.offset : 0 });
}

/** The processing baseline in metadata (`05.09`) or in a product's name (`_N0509_`). */
function baselineOf({ metadata, path }: RasterInfo): number | null {
  const [, stated] = Object.entries(metadata).find(([name]) => /processing_?baseline/i.test(name)) ?? [];
  const fromMetadata = Number.parseFloat(stated ?? '');
  if (Number.isFinite(fromMetadata)) return fromMetadata;
  const [, major, minor] = /_N(\d\d)(\d\d)_/.exec(path) ?? [];
  return major === undefined ? null : Number(`${major}.${minor}`);
}

/** Many providers take the offset off: then the darkest ground is far below where the offset would have raised it. */
async function isRaised(reader: RasterReader, { scale, offset }: Reflectance): Promise<boolean> {
  const { bands } = await computeStatistics(reader, { maxSamples: 2 ** 16 });
  const seen = bands.filter(({ valid }) => valid > 0);
  return seen.length > 0 && Math.min(...seen.map(({ p2 }) => p2)) >= (0.8 * -offset) / scale;
}

/**
 * A scene in physical units: `info` states as scale and offset what was applied. Errors: those of `openSource`.
 */
export async function openPhysical(
  source: SceneSource,
  options: { cacheBytes?: number } = {},
): Promise<RasterReader> {
  const reader = await openSource(source, options);
  const unitsOf = (band: number) => source.units?.[band - 1] ?? asStored;
  const bands = reader.info.bands.map((band) => ({ ...band, ...unitsOf(band.index) }));
  const all = bands.map((band) => band.index);
  const convert = (pixels: WindowPixels, chosen: readonly number[]): WindowPixels => ({
    ...pixels,
    bands: pixels.bands.map((values, i) => physical(values, unitsOf(must(chosen[i], 'band')))),
  });
  return {
    info: { ...reader.info, bands },
    readWindow: async (window, chosen = all) => convert(await reader.readWindow(window, chosen), chosen),
    readResampled: async (window, width, height, chosen = all, method) =>
      convert(await reader.readResampled(window, width, height, chosen, method), chosen),
    dispose: () => reader.dispose(),
  };
}

function physical(values: PixelArray, units: BandUnits): PixelArray {
  if (!isChange(units)) return values;
  const { scale, offset } = units;
  return Float32Array.from(values, (value) => value * scale + offset);
}
