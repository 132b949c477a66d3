import { execFileSync } from 'node:child_process';

/** Whether GDAL's command line tools are here; prints the reason when tests that need them are skipped. */
export const hasGdal = probe();

function probe(): boolean {
  try {
    execFileSync('gdalinfo', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log('skipped: gdal-bin is not installed, so GDAL cannot serve as the oracle');
    return false;
  }
}

/** Runs a GDAL tool; answers stdout and stderr together, because warnings go to stderr. */
export function gdal(tool: string, ...args: string[]): string {
  return execFileSync('sh', ['-c', '"$0" "$@" 2>&1', tool, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
}
