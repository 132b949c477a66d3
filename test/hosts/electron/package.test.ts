import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkLayout } from '../../../electron/hosts/electron/afterPack.mjs';

it('refuses a package whose worker is missing, or cannot find its modules', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'swath-packed-'));
  await expect(checkLayout(folder)).rejects.toThrow(/worker is not in the package/);
  mkdirSync(join(folder, 'dist', 'electron'), { recursive: true });
  writeFileSync(join(folder, 'dist', 'electron', 'worker.js'), '');
  await expect(checkLayout(folder)).rejects.toThrow(/cannot find better-sqlite3/);
});
