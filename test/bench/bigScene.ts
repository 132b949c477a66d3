/**
 * Writes a made-up scene for measuring: fields of 40 × 40 pixels of eight crops, uint16 reflectance with noise, tiled and
 * deflated, and labelled fields of it as GeoJSON beside it.
 *   node test/bench/bigScene.ts FILE.tif [--width 10000] [--height 10000] [--bands 10]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { hashSeed, prngFrom } from '../../electron/base/prng.ts';
import { createRasterWriter } from '../../electron/raster/write.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: 'string', default: '10000' },
    height: { type: 'string', default: '10000' },
    bands: { type: 'string', default: '10' },
  },
});
const [file] = positionals;
if (!file) throw new Error('Name the file to write');
const [width, height, bands] = [Number(values.width), Number(values.height), Number(values.bands)];
const [side, crops, rows, metres] = [40, 8, 200, 10];

const cropAt = (x: number, y: number) => 1 + (hashSeed('crop', x, y) % crops);
const prng = prngFrom('big scene');
const levels = Array.from({ length: crops }, () =>
  Array.from({ length: bands }, () => 500 + 3500 * prng.uniform()),
);
// One strip of noise serves all rows, shifted: drawing it anew would take longer than everything else.
const noise = Int16Array.from({ length: 2 ** 20 }, () => 200 * prng.normal());

const writer = await createRasterWriter(file, {
  width,
  height,
  bands,
  dtype: 'uint16',
  content: 'continuous',
  tile: 256,
  overviews: 'none',
  nodata: 0,
  crs: { epsg: 32633, name: 'WGS 84 / UTM zone 33N', geoKeys: { 1024: 1, 1025: 1, 3072: 32633 } },
  geotransform: [500_000, metres, 0, 5_300_000, 0, -metres],
});
for (let top = 0; top < height; top += rows) {
  const count = Math.min(rows, height - top);
  const strip = Array.from({ length: bands }, () => new Uint16Array(width * count));
  for (let y = 0; y < count; y++) {
    for (let left = 0; left < width; left += side) {
      const crop = cropAt(left / side, Math.floor((top + y) / side)) - 1;
      for (const [b, band] of strip.entries()) {
        const level = levels[crop]?.[b] ?? 0;
        const shift = hashSeed(top + y, left, b) % (noise.length - side);
        const end = Math.min(width, left + side);
        for (let x = left; x < end; x++)
          band[y * width + x] = Math.max(1, level + (noise[shift + x - left] ?? 0));
      }
    }
  }
  await writer.writeRows(strip, count);
}
await writer.finish();

/** The first fields of each crop along the upper edge, well inside their borders. */
const taken = new Map<number, number>();
const features = Array.from({ length: Math.floor(width / side) }, (_, x) => x).flatMap((x) => {
  const crop = cropAt(x, 0);
  const before = taken.get(crop) ?? 0;
  if (before >= 4) return [];
  taken.set(crop, before + 1);
  const corner = (dx: number, dy: number) => [500_000 + metres * (x * side + dx), 5_300_000 - metres * dy];
  const ring = [corner(4, 4), corner(36, 4), corner(36, 36), corner(4, 36), corner(4, 4)];
  return [
    {
      type: 'Feature',
      properties: { crop: `crop ${crop}` },
      geometry: { type: 'Polygon', coordinates: [ring] },
    },
  ];
});
const crs = { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::32633' } };
writeFileSync(`${file}.geojson`, JSON.stringify({ type: 'FeatureCollection', crs, features }));
