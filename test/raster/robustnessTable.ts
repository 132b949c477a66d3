/**
 * Prints the robustness table of the shared suite, or of any folder of rasters (for which GDAL's Python module is
 * needed): `node_modules/.bin/node test/raster/robustnessTable.ts [FOLDER] [different|refused|…]`.
 */
import { existsSync } from 'node:fs';
import { robustnessTable, sharedFolder } from './robustness/table.ts';

const words = process.argv.slice(2);
const folder = words.find((word) => existsSync(word)) ?? sharedFolder;
const rows = await robustnessTable(folder);
const wanted = words.find((word) => word !== folder);
for (const { file, gdal, ours, outcome, detail } of rows) {
  if (wanted && wanted !== outcome) continue;
  const verdict = gdal.error ?? `${gdal.width}×${gdal.height}×${gdal.bands} ${gdal.dtype}`;
  console.log([file, verdict, outcome, `${ours.milliseconds} ms`, detail].join(' | '));
}
const count = (outcome: string) => rows.filter((row) => row.outcome === outcome).length;
const readable = rows.filter((row) => !row.gdal.error);
const tiffs = readable.filter((row) => row.gdal.driver === 'GTiff');
const equal = (some: typeof rows) => some.filter((row) => row.outcome === 'equal').length;
console.log(
  rows.length === 0
    ? `No files at ${folder}`
    : [
        `${rows.length} files: ${count('equal')} equal, ${count('refused')} refused, ${count('different')} different,`,
        `${count('crash')} crashed, ${count('hang')} hung.`,
        `Of ${readable.length} that GDAL reads ${equal(readable)} are equal, of ${tiffs.length} GeoTIFFs ${equal(tiffs)}`,
        `(${((100 * equal(tiffs)) / tiffs.length).toFixed(1)} %).`,
        `Peak memory ${Math.max(...rows.map((row) => row.ours.peakMiB))} MiB,`,
        `slowest ${Math.max(...rows.map((row) => row.ours.milliseconds))} ms.`,
      ].join(' '),
);
