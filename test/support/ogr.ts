import { execFileSync } from 'node:child_process';

/** Whether Python has GDAL's geometry library (with GEOS); prints the reason when tests that need it are skipped. */
export const hasOgr = probe();

function probe(): boolean {
  try {
    return ogr<boolean>(
      'print(json.dumps(ogr.CreateGeometryFromWkt("POLYGON((0 0,1 1,1 0,0 1,0 0))").IsValid() is False))',
      null,
    );
  } catch {
    console.log('skipped: python3-gdal with GEOS is not installed, so it cannot serve as the oracle');
    return false;
  }
}

/** Runs a few lines of Debian's Python (another one on the PATH knows no GDAL) that read `data` and print JSON. */
export function ogr<T>(lines: string, data: unknown): T {
  const head =
    'import json, sys\nfrom osgeo import ogr, gdal\nogr.UseExceptions()\ngdal.PushErrorHandler("CPLQuietErrorHandler")\ndata = json.load(sys.stdin)\n';
  return JSON.parse(
    execFileSync('/usr/bin/python3', ['-c', head + lines], {
      input: JSON.stringify(data),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    }),
  ) as T;
}
