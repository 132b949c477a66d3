/**
 * `npm run package`: installers for this system, by electron-builder. Where Electron's binary is missing, everything
 * that can be checked without it is (the configuration, the builds, the worker's dependencies), and the rest is said.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from '../build.mjs';
import { ensureInstalled, nodePath, root, runNode, runNodeSync } from '../ensure.mjs';

ensureInstalled();
// The checks need the Node that Swath runs on; on an older one this script starts itself again with it.
if (Number(process.versions.node.split('.')[0]) < 22 && nodePath() !== process.execPath) {
  runNode('electron/hosts/electron/package.mjs', process.argv.slice(2));
} else await main();

async function main() {
  build(['renderer', 'electron']);
  await checkConfiguration();
  const { checkLayout } = await import('./afterPack.mjs');
  const loaded = await checkLayout(root);
  process.stdout.write(`Configuration valid; the worker's dependencies load: ${loaded.join(', ')}.\n`);

  const distribution = join(root, 'node_modules', 'electron', 'dist');
  if (!existsSync(distribution)) {
    process.stdout.write(
      'No installer was made: Electron’s binary is not here. `npm start` fetches it where the network allows.\n',
    );
    return;
  }
  process.exitCode = runNodeSync('node_modules/electron-builder/cli.js', [
    '--config',
    'electron-builder.yml',
    `--config.electronDist=${distribution}`,
    '--publish=never',
    ...process.argv.slice(2),
  ]);
}

/** electron-builder's own schema, and every local file that the configuration names. Throws with what is wrong. */
async function checkConfiguration() {
  const require = createRequire(import.meta.url);
  const { getConfig, validateConfiguration } = require('app-builder-lib/out/util/config/config.js');
  const { DebugLogger } = require('builder-util');
  const config = await getConfig(root, join(root, 'electron-builder.yml'), null);
  await validateConfiguration(config, new DebugLogger(false));
  const main = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).main;
  const named = [
    main,
    config.afterPack,
    'dist/electron/worker.js',
    'dist/electron/preload.cjs',
    'dist/renderer/index.html',
  ];
  const missing = named.filter((path) => !path || !existsSync(join(root, path)));
  if (missing.length > 0)
    throw new Error(`electron-builder.yml: these files are missing: ${missing.join(', ')}`);
}
