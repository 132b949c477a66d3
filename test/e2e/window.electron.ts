/** The same app in Electron's own window. Runs where the binary was fetched; elsewhere it says why not. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, expect, test } from '@playwright/test';
import { build } from '../../electron/hosts/build.mjs';
import { electronBinary } from './electronBinary.ts';
import { root } from './server.ts';

const binary = electronBinary();

test('the sample project in its own window', async () => {
  test.skip(
    binary === undefined,
    'Electron’s binary is not installed here (it is fetched at the first npm start)',
  );
  build(['renderer', 'electron']);
  const app = await _electron.launch({
    ...(binary === undefined ? {} : { executablePath: binary }),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      root,
      `--user-data-dir=${mkdtempSync(join(tmpdir(), 'swath-window-'))}`,
    ],
  });
  try {
    const window = await app.firstWindow();
    await expect(window.getByTestId('scene-list')).toContainText('512');
    await expect(window.getByTestId('map')).toBeVisible();
    await window.screenshot({ path: join(root, 'test-results', 'electron', 'window.png') });
  } finally {
    await app.close();
  }
});
