import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hasGdal } from '../support/gdal.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-huge-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs in a process of its own, so that its peak memory is its own. */
const script = `
import { openRaster } from '${import.meta.dirname}/../../electron/raster/open.ts';
import { computeStatistics } from '${import.meta.dirname}/../../electron/raster/statistics.ts';
import { createRasterWriter } from '${import.meta.dirname}/../../electron/raster/write.ts';
const [, , path, out] = process.argv;
const started = performance.now();
const reader = await openRaster(path);
const opened = performance.now();
const { width, height, bands } = reader.info;
const statistics = await computeStatistics(reader);
const view = await reader.readResampled({ col: 0, row: 0, width: 8192, height: 8192 }, 512, 512, [1, 2, 3], 'nearest');
const writer = await createRasterWriter(out, { width, height, dtype: 'uint8', bands: 1, content: 'classes', nodata: 0, crs: reader.info.crs, geotransform: reader.info.geotransform });
for (let row = 0; row < height; row += 512) {
  const rows = Math.min(512, height - row);
  await writer.writeRows([new Uint8Array(width * rows).fill(1 + (row / 512) % 5)], rows);
}
await writer.finish();
console.log(JSON.stringify({ openMs: opened - started, exact: statistics.exact, bands: bands.length, width, height, view: view.width, peakMiB: process.resourceUsage().maxRSS / 1024 }));
`;

describe.skipIf(!hasGdal)('a BigTIFF of 20 GB with 13 bands', () => {
  it('opens in a second, and statistics, a view and a written map stay within the memory bound', () => {
    const path = join(folder, 'huge.tif');
    const create = `
from osgeo import gdal, osr
d = gdal.GetDriverByName('GTiff').Create('${path}', 28000, 28000, 13, gdal.GDT_UInt16, ['BIGTIFF=YES', 'SPARSE_OK=TRUE', 'TILED=YES', 'INTERLEAVE=PIXEL'])
s = osr.SpatialReference(); s.ImportFromEPSG(32633); d.SetSpatialRef(s); d.SetGeoTransform((300000, 10, 0, 5300000, 0, -10))
d = None
`;
    execFileSync('/usr/bin/python3', ['-c', create]);
    // The file as it would be when it were full: a hole of 20 GB takes no room on the disk.
    execFileSync('truncate', ['-s', '20G', path]);
    expect(statSync(path).size).toBe(20 * 2 ** 30);
    const answer = execFileSync(
      process.execPath,
      ['--input-type=module-typescript', '-', path, join(folder, 'map.tif')],
      { input: script, encoding: 'utf8' },
    );
    const facts = JSON.parse(answer) as Record<string, number | boolean>;
    console.log(answer.trim());
    expect(facts).toMatchObject({ bands: 13, width: 28000, height: 28000, exact: false, view: 512 });
    expect(facts.openMs).toBeLessThan(1000);
    expect(facts.peakMiB).toBeLessThan(512);
  }, 300_000);
});
