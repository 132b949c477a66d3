import { execFileSync } from 'node:child_process';

/** Whether GDAL's command line tools are here; prints the reason when tests that need them are skipped. */
export const hasGdal = probe();

/** Whether GDAL's Python module is here. */
export const hasGdalPython = probePython();

function probe(): boolean {
  try {
    execFileSync('gdalinfo', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log('skipped: gdal-bin is not installed, so GDAL cannot serve as the oracle');
    return false;
  }
}

function probePython(): boolean {
  try {
    python('from osgeo import gdal');
    return true;
  } catch {
    console.log('skipped: python3-gdal is not installed, so GDAL cannot serve as the oracle');
    return false;
  }
}

/** Runs a script in the Python that Debian's GDAL belongs to, with `args` as sys.argv[1…]; answers stdout. */
export function python(script: string, ...args: string[]): string {
  return execFileSync('/usr/bin/python3', ['-c', script, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs a GDAL tool; answers stdout and stderr together, because warnings go to stderr. */
export function gdal(tool: string, ...args: string[]): string {
  return execFileSync('sh', ['-c', '"$0" "$@" 2>&1', tool, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
}
