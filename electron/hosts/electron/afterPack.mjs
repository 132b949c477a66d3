/**
 * After packing: loads the worker's whole dependency closure from the packed layout. A worker that cannot find its
 * modules inside app.asar is the commonest way such an app breaks, and it breaks only on the user's machine.
 */

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the worker and the main process import at run time, natives first. */
const modules = [
  'better-sqlite3',
  'onnxruntime-node',
  '@tensorflow/tfjs-core',
  'geotiff',
  'proj4',
  'protobufjs',
  'zod',
];

/** electron-builder's hook. */
export default async function afterPack(context) {
  const resources =
    context.electronPlatformName === 'darwin'
      ? join(context.appOutDir, `${context.packager.appInfo.productFilename}.app`, 'Contents', 'Resources')
      : join(context.appOutDir, 'resources');
  const unpacked = join(resources, 'app.asar.unpacked');
  for (const path of ['crs', 'sample']) {
    if (!existsSync(join(resources, path))) throw new Error(`The package lacks resources/${path}`);
  }
  // Natives of another system cannot be loaded here; that they are there is all that can be checked.
  await checkLayout(unpacked, context.electronPlatformName === process.platform);
}

/**
 * Resolves every module from the worker's place in `folder` and loads it. Returns their names; throws with the first
 * that is missing or fails, and where it was looked for.
 */
export async function checkLayout(folder, load = true) {
  const worker = join(folder, 'dist', 'electron', 'worker.js');
  if (!existsSync(worker)) throw new Error(`The worker is not in the package: ${worker}`);
  const require = createRequire(worker);
  for (const name of modules) {
    let path;
    try {
      path = require.resolve(name);
    } catch (cause) {
      throw new Error(`The packed worker cannot find ${name} from ${worker}`, { cause });
    }
    if (!path.startsWith(folder)) throw new Error(`${name} is found outside the package: ${path}`);
    if (load) await import(pathToFileURL(path).href);
  }
  return modules;
}
