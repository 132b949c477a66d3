import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { createProject } from '../../electron/store/open.ts';
import type { ProjectStore } from '../../electron/store/projectStore.ts';

const folders: string[] = [];

/** A folder that is removed after the test. */
export function tmpFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'swath-test-'));
  folders.push(folder);
  return folder;
}

/** An open, empty project in such a folder. */
export function tmpProject(): ProjectStore {
  const store = createProject(join(tmpFolder(), 'Test.swath'), { name: 'Test' });
  stores.push(store);
  return store;
}

const stores: ProjectStore[] = [];

afterEach(() => {
  for (const store of stores.splice(0)) store.dispose();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
