/**
 * After packing: finds and loads the worker's whole dependency closure in the packed layout. A worker that cannot find
 * its modules inside app.asar is the commonest way such an app breaks, and it breaks only on the user's machine.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Never in the package; the worker does without them and says so (README, "TensorFlow"). */
const optional = /^@tensorflow\/tfjs-node(-gpu)?$/;

/** electron-builder's hook. */
export default async function afterPack(context) {
  const resources =
    context.electronPlatformName === 'darwin'
      ? join(context.appOutDir, `${context.packager.appInfo.productFilename}.app`, 'Contents', 'Resources')
      : join(context.appOutDir, 'resources');
  const unpacked = join(resources, 'app.asar.unpacked');
  for (const path of ['crs', 'sample', 'icons']) {
    if (!existsSync(join(resources, path))) throw new Error(`The package lacks resources/${path}`);
  }
  // Natives of another system cannot be loaded here; that they are there is all that can be checked.
  await checkLayout(unpacked, context.electronPlatformName === process.platform);
}

/**
 * Resolves what the built main process and worker import, and all that it needs in turn, inside `folder`; loads it.
 * Returns the names of the direct imports; throws with the first that is missing, and who needs it.
 */
export async function checkLayout(place, load = true) {
  const folder = resolve(place);
  const built = join(folder, 'dist', 'electron');
  const worker = join(built, 'worker.js');
  if (!existsSync(worker)) throw new Error(`The worker is not in the package: ${worker}`);
  const direct = importsOf(built);
  const seen = new Set();
  for (const name of direct) checkPackage(folder, packageOf(name), worker, seen);
  if (load) {
    const require = createRequire(worker);
    for (const name of direct) await import(pathToFileURL(require.resolve(name)).href);
  }
  return direct;
}

/** Every package, with its path inside, that the built files import. */
export function importsOf(built) {
  // As the bundler writes them: one statement a line; `import()` and `require()` anywhere.
  const forms = [
    /^(?:import|export)\b[^;"']*["']([^"']+)["'];?$/gm,
    /\b(?:import|require)\(\s*["']([^"']+)["']\s*\)/g,
  ];
  const names = readdirSync(built)
    .filter((file) => /\.(js|cjs)$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(built, file), 'utf8');
      return forms.flatMap((form) => [...text.matchAll(form)].map((match) => match[1]));
    });
  const outside = (name) =>
    /^[@a-z]/.test(name) &&
    !name.startsWith('node:') &&
    name !== 'electron' &&
    !optional.test(packageOf(name));
  return [...new Set(names)].filter(outside).sort();
}

function packageOf(name) {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The package and, by their own package.json, all that it depends on. */
function checkPackage(folder, name, from, seen) {
  const home = findPackage(folder, name, from);
  if (!home) throw new Error(`The packed worker cannot find ${name}, needed by ${from}`);
  if (seen.has(home)) return;
  seen.add(home);
  const { dependencies = {} } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  for (const next of Object.keys(dependencies)) checkPackage(folder, next, join(home, 'package.json'), seen);
}

/** As Node looks for packages, from a file upwards, but not beyond `folder`. */
function findPackage(folder, name, from) {
  for (let at = dirname(from); at.startsWith(folder); at = dirname(at)) {
    const home = join(at, 'node_modules', name);
    if (existsSync(join(home, 'package.json'))) return home;
    if (at === folder) break;
  }
  return undefined;
}
